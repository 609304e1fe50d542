#include "tests/conformance/case.hpp"

namespace ringside::conformance {
namespace {

std::string to_text(Buffer const& buffer) {
  std::string text = buffer.table ? "table " : "";
  if (buffer.readable > 0) text += std::to_string(buffer.readable) + "r";
  if (buffer.writable > 0) text += std::to_string(buffer.writable) + "w";
  switch (buffer.written) {
    case Written::Nothing:
      break;
    case Written::OneByte:
      text += " (one byte written)";
      break;
    case Written::All:
      text += " (all written)";
      break;
  }
  return text;
}

std::string to_text(EventArea const& area) {
  switch (area.flags) {
    case EventArea::Enable:
      return "ENABLE";
    case EventArea::Disable:
      return "DISABLE";
    case EventArea::Desc:
      break;
  }
  return "DESC offset " + std::to_string(area.event.slot) + " wrap " +
         std::to_string(area.event.wrap ? 1 : 0);
}

}  // namespace

std::string to_text(Case const& each) {
  std::string text = "ring of " + std::to_string(each.size);
  if (each.indirect) text += ", INDIRECT_DESC";
  if (each.event_idx) text += ", EVENT_IDX";
  if (each.stale) text += ", stale samples";
  if (each.moment != 0) text += ", the other side acts at moment " + std::to_string(each.moment);
  unsigned number = 0;
  for (Step const& step : each.steps) {
    text += "; step " + std::to_string(++number) + ":";
    if (!step.add.empty()) text += " add";
    for (Buffer const& buffer : step.add) text += " [" + to_text(buffer) + "]";
    if (!step.use.empty()) text += step.packet ? " use as one packet" : " use";
    for (auto const used : step.use) text += " #" + std::to_string(used);
    text += " events " + to_text(step.events);
  }
  return text;
}

}  // namespace ringside::conformance
