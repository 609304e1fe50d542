// Tells AddressSanitizer which stack runs where SystemC 2.3.4 does not. The library announces a
// change of coroutine with that coroutine's stack; but for main's it names none, and a process that
// ends announces nothing. Exceptions would then be taken for errors, since the sanitizer cleans the
// stack that they unwind only if it knows where that stack is. Linked into sanitized programs,
// these definitions come before those of both libraries.
#include <dlfcn.h>
#include <pthread.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

using StartSwitch = void (*)(void**, void const*, std::size_t);
using FinishSwitch = void (*)(void*, void const**, std::size_t*);

struct Stack {
  void const* bottom = nullptr;
  std::size_t size = 0;
};

// Everything here runs on the thread of main(): SystemC has no other.
Stack main_stack() {
  pthread_attr_t attributes;
  void* bottom = nullptr;
  std::size_t size = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0 ||
      pthread_attr_getstack(&attributes, &bottom, &size) != 0) {
    std::abort();
  }
  pthread_attr_destroy(&attributes);
  return {bottom, size};
}

Stack const& known_main_stack() {
  static Stack const stack = main_stack();
  return stack;
}

}  // namespace

extern "C" {

// What the linker is asked for, to bring the rest.
extern int const ringside_sanitizer_stacks;
int const ringside_sanitizer_stacks = 0;

// Called by the coroutine that is left.
void __sanitizer_start_switch_fiber(void** fake_stack, void const* bottom, std::size_t size) {
  static auto const start =
      reinterpret_cast<StartSwitch>(dlsym(RTLD_NEXT, "__sanitizer_start_switch_fiber"));
  Stack const to = bottom != nullptr ? Stack{bottom, size} : known_main_stack();
  start(fake_stack, to.bottom, to.size);
}

// Called on the stack of the coroutine that runs on when a process has ended.
void* sc_cor_qt_aborthelp(void* /*stack*/, void* /*ended*/, void* /*unused*/) {
  static auto const finish =
      reinterpret_cast<FinishSwitch>(dlsym(RTLD_NEXT, "__sanitizer_finish_switch_fiber"));
  Stack const& stack = known_main_stack();
  std::uintptr_t const here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  std::uintptr_t const bottom = reinterpret_cast<std::uintptr_t>(stack.bottom);
  if (here >= bottom && here < bottom + stack.size) {
    __sanitizer_start_switch_fiber(nullptr, stack.bottom, stack.size);
    finish(nullptr, nullptr, nullptr);
  }
  return nullptr;
}
}
