// The SystemC library refers to it: its own main() calls it. Our programs have a main() of their
// own and start the kernel from there.
extern "C" int sc_main(int /*argc*/, char** /*argv*/) { return 0; }
