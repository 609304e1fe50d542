#include "model/device/mac_receiver.hpp"

#include <gtest/gtest.h>

#include "tests/model/device/test_host.hpp"

namespace ringside::model {
namespace {

std::vector<std::uint8_t> on_the_wire(std::vector<std::uint8_t> const& frame) {
  std::vector<std::uint8_t> bytes{0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0xD5};
  auto const checked = with_fcs(frame);
  bytes.insert(bytes.end(), checked.begin(), checked.end());
  return bytes;
}

FramePiece piece(Bytes bytes, bool first, bool last, bool error = false) {
  return {.start = {}, .bytes = bytes, .first = first, .last = last, .error = error};
}

TEST(MacReceiver, FindsAFrameHoweverItIsCut) {
  auto const wire = on_the_wire(counting_frame(100));
  for (std::size_t step : {1U, 3U, 8U, 100U, 1000U}) {
    MacReceiver mac;
    std::optional<ReceivedFrame> frame;
    for (std::size_t at = 0; at < wire.size(); at += step) {
      std::size_t const size = std::min(step, wire.size() - at);
      auto outcome =
          mac.receive(piece(Bytes(wire).subspan(at, size), at == 0, at + size == wire.size()));
      EXPECT_FALSE(outcome.broken);
      if (outcome.ended) frame = std::move(outcome.ended);
    }
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->bytes, with_fcs(counting_frame(100)));
    EXPECT_EQ(frame->length, 104U);
    EXPECT_TRUE(frame->fcs_good);
    EXPECT_FALSE(frame->framing_error || frame->symbol_error);
  }
}

TEST(MacReceiver, EndsAFrameInAnEmptyPiece) {
  MacReceiver mac;
  auto const wire = on_the_wire(counting_frame(60));
  EXPECT_FALSE(mac.receive(piece(wire, true, false)).ended);
  auto const outcome = mac.receive(piece({}, false, true));
  ASSERT_TRUE(outcome.ended);
  EXPECT_TRUE(outcome.ended->fcs_good);
}

TEST(MacReceiver, NotesAnErrorInAnyPiece) {
  MacReceiver mac;
  auto const wire = on_the_wire(counting_frame(60));
  mac.receive(piece(Bytes(wire).first(20), true, false, true));
  auto const outcome = mac.receive(piece(Bytes(wire).subspan(20), false, true));
  ASSERT_TRUE(outcome.ended);
  EXPECT_TRUE(outcome.ended->symbol_error);
}

TEST(MacReceiver, KnowsAStartInAWrongLaneAndAMissingEnd) {
  auto const wire = on_the_wire(counting_frame(60));
  for (auto framing : {FramePiece::Framing::WrongLane, FramePiece::Framing::NoEnd}) {
    MacReceiver mac;
    FramePiece bad = piece(wire, true, true);
    bad.framing = framing;
    auto const outcome = mac.receive(bad);
    ASSERT_TRUE(outcome.ended);
    EXPECT_TRUE(outcome.ended->framing_error);
    EXPECT_FALSE(mac.receive(piece(wire, true, true)).ended->framing_error);
  }
}

TEST(MacReceiver, MissesTheSfdElsewhereThanInItsPlace) {
  for (std::size_t at : {6U, 7U}) {
    MacReceiver mac;
    auto wire = on_the_wire(counting_frame(60));
    wire[7] = 0x55;
    wire[at] = at == 7 ? 0x5D : 0xD5;
    auto const outcome = mac.receive(piece(wire, true, true));
    ASSERT_TRUE(outcome.ended);
    EXPECT_TRUE(outcome.ended->framing_error);
  }
}

TEST(MacReceiver, CallsAFrameBrokenThatEndsBeforeItsSfd) {
  MacReceiver mac;
  std::uint8_t const preamble[] = {0x55, 0x55, 0x55};
  auto const outcome = mac.receive(piece(preamble, true, true));
  ASSERT_TRUE(outcome.ended);
  EXPECT_TRUE(outcome.ended->framing_error);
}

TEST(MacReceiver, ReportsAFrameThatTheNextOneCutsOff) {
  MacReceiver mac;
  auto const wire = on_the_wire(counting_frame(60));
  mac.receive(piece(Bytes(wire).first(40), true, false));
  auto const outcome = mac.receive(piece(wire, true, true));
  ASSERT_TRUE(outcome.broken);
  EXPECT_TRUE(outcome.broken->framing_error);
  ASSERT_TRUE(outcome.ended);
  EXPECT_TRUE(outcome.ended->fcs_good);
}

TEST(MacReceiver, IgnoresTheRestOfAFrameWhoseBeginningItHasNotSeen) {
  MacReceiver mac;
  auto const wire = on_the_wire(counting_frame(60));
  auto const outcome = mac.receive(piece(wire, false, true));
  EXPECT_FALSE(outcome.ended || outcome.broken);
}

TEST(MacReceiver, ChecksAnEndlessFrameWithoutKeepingIt) {
  MacReceiver mac;
  auto const wire = on_the_wire(counting_frame(100'000));
  auto const outcome = mac.receive(piece(wire, true, true));
  ASSERT_TRUE(outcome.ended);
  EXPECT_EQ(outcome.ended->length, 100'004U);
  EXPECT_EQ(outcome.ended->bytes.size(), ReceivedFrame::kMostStored);
  EXPECT_TRUE(outcome.ended->fcs_good);
}

}  // namespace
}  // namespace ringside::model
