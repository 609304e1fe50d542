#include "testbench/bench/moderation_plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <iomanip>
#include <sstream>

namespace ringside::testbench {

namespace {

constexpr double kPanelWidth = 400;
constexpr double kPanelHeight = 320;
constexpr double kLeft = 70;  // room for what stands beside an axis
constexpr double kTop = 50;
constexpr double kBottom = 50;
constexpr double kNameWidth = 36;
constexpr int kNameHeight = 8;
constexpr std::array kColours{"#1b6ca8", "#2a9d5c", "#c77d0a", "#b3263a", "#6b4ca0"};

// Maps values to places on the page; powers of ten are its ticks.
class LogScale {
 public:
  LogScale(double least, double most, double from, double to)
      : low_(std::floor(std::log10(least))),
        high_(std::max(std::ceil(std::log10(most)), low_ + 1)),
        from_(from),
        to_(to) {}

  double at(double value) const {
    return from_ + (std::log10(value) - low_) / (high_ - low_) * (to_ - from_);
  }
  std::vector<double> ticks() const {
    std::vector<double> all;
    for (double power = low_; power <= high_; ++power) all.push_back(std::pow(10, power));
    return all;
  }

 private:
  double low_;
  double high_;
  double from_;
  double to_;
};

std::string number(double value) {
  std::ostringstream text;
  if (value >= 1e6) {
    text << value / 1e6 << " M";
  } else if (value >= 1e3) {
    text << value / 1e3 << " k";
  } else {
    text << value;
  }
  return text.str();
}

std::string name_of(ModerationPoint const& point) {
  if (point.packets == 0) return "off";
  return std::to_string(point.packets) + "/" + std::to_string(point.usecs);
}

class Page {
 public:
  Page(double width, double height) {
    text_ << std::fixed << std::setprecision(1)
          << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " << width << ' ' << height
          << "\" font-family=\"sans-serif\" font-size=\"11\">\n"
          << "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";
  }
  void line(double x1, double y1, double x2, double y2, char const* colour) {
    text_ << "<line x1=\"" << x1 << "\" y1=\"" << y1 << "\" x2=\"" << x2 << "\" y2=\"" << y2
          << "\" stroke=\"" << colour << "\"/>\n";
  }
  void dot(double x, double y, char const* colour, std::string const& meaning) {
    text_ << "<circle cx=\"" << x << "\" cy=\"" << y << "\" r=\"3.5\" fill=\"" << colour
          << "\"><title>" << meaning << "</title></circle>\n";
  }
  void write(double x, double y, char const* anchor, std::string const& words, int size = 11) {
    text_ << "<text x=\"" << x << "\" y=\"" << y << "\" text-anchor=\"" << anchor
          << "\" font-size=\"" << size << "\">" << words << "</text>\n";
  }
  std::string finish() { return text_.str() + "</svg>\n"; }

 private:
  std::ostringstream text_;
};

// What a panel shows upwards.
struct Axis {
  std::string title;
  std::function<double(ModerationPoint const&)> value;
  std::function<double(double)> place;
  std::vector<double> ticks;
  std::function<std::string(double)> label;
};

void draw_panel(Page& page, double left, std::vector<ModerationPoint> const& points,
                LogScale const& delay, Axis const& up) {
  double const bottom = kTop + kPanelHeight;
  double const right = left + kPanelWidth;
  for (double const tick : delay.ticks()) {
    page.line(left + delay.at(tick), kTop, left + delay.at(tick), bottom, "#ddd");
    page.write(left + delay.at(tick), bottom + 15, "middle", number(tick));
  }
  for (double const tick : up.ticks) {
    page.line(left, up.place(tick), right, up.place(tick), "#ddd");
    page.write(left - 6, up.place(tick) + 4, "end", up.label(tick));
  }
  page.write(left + kPanelWidth / 2, bottom + 34, "middle", "p99 delay, us");
  page.write(left, kTop - 10, "start", up.title, 12);
  // Where names of dots stand; a dot without a name of its own tells it under the pointer.
  struct Place {
    double x;
    double y;
  };
  std::vector<Place> named;
  std::size_t colour = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    ModerationPoint const& point = points[i];
    if (i > 0 && point.load_mpps != points[i - 1].load_mpps) ++colour;
    double const x = left + delay.at(point.p99_us);
    double const y = up.place(up.value(point));
    page.dot(x, y, kColours[colour % kColours.size()],
             name_of(point) + " at " + number(point.load_mpps * 1e6) + " packets/s");
    bool const free = std::ranges::none_of(named, [&](Place const& place) {
      return std::abs(place.x - x) < kNameWidth && std::abs(place.y - y) < kNameHeight;
    });
    if (!free) continue;
    page.write(x + 5, y - 4, "start", name_of(point), kNameHeight);
    named.push_back({x, y});
  }
}

void draw_legend(Page& page, std::vector<ModerationPoint> const& points) {
  std::size_t colour = 0;
  double x = kLeft;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (i > 0 && points[i].load_mpps == points[i - 1].load_mpps) continue;
    if (i > 0) ++colour;
    page.dot(x, 16, kColours[colour % kColours.size()], "");
    page.write(x + 8, 20, "start", number(points[i].load_mpps * 1e6) + " packets/s");
    x += 120;
  }
  page.write(x, 20, "start", "a dot: most packets / most us");
}

}  // namespace

std::string plot_moderation(std::vector<ModerationPoint> const& points) {
  auto const [least_delay, most_delay] =
      std::ranges::minmax(points, {}, [](auto const& point) { return point.p99_us; });
  auto const [least, most] = std::ranges::minmax(
      points, {}, [](auto const& point) { return point.interrupts_per_second; });
  LogScale const delay(least_delay.p99_us, most_delay.p99_us, 0, kPanelWidth);
  LogScale const interrupts(least.interrupts_per_second, most.interrupts_per_second,
                            kTop + kPanelHeight, kTop);
  Page page(2 * (kLeft + kPanelWidth) + 20, kTop + kPanelHeight + kBottom);
  draw_legend(page, points);
  draw_panel(page, kLeft, points, delay,
             {"interrupts a second", [](auto const& point) { return point.interrupts_per_second; },
              [&](double value) { return interrupts.at(value); }, interrupts.ticks(), number});
  draw_panel(page, 2 * kLeft + kPanelWidth, points, delay,
             {"CPU at work",
              [](auto const& point) { return point.cpu_share; },
              [](double share) { return kTop + kPanelHeight * (1 - share); },
              {0, 0.2, 0.4, 0.6, 0.8, 1},
              [](double share) { return number(std::round(share * 100)) + " %"; }});
  return page.finish();
}

}  // namespace ringside::testbench
