// SPDX-License-Identifier: Apache-2.0
#include "dnsd/doctor/finding.hpp"

#include "geo/text/printable.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>

namespace doctor {

std::string_view word(Level level) noexcept {
    constexpr std::array<std::string_view, 4> words{"ok", "hint", "warn", "FAULT"};
    return words[static_cast<std::size_t>(level)];
}

std::string to_line(const Finding& finding) {
    return geo::printable(fmt::format("{:<6} {:<10} {}{}{}", word(finding.level), finding.row,
                                      finding.text, finding.remedy.empty() ? "" : ": ",
                                      finding.remedy));
}

bool any_fault(const Findings& findings) {
    return std::ranges::find(findings, Level::Fault, &Finding::level) != findings.end();
}

bool any_trouble(const Findings& findings, std::string_view row) {
    return std::ranges::any_of(findings, [&](const Finding& finding) {
        return finding.row == row && finding.level >= Level::Warn;
    });
}

std::string short_name(const zones::Name& name, const zones::Name& zone) {
    const auto text = zone_text(name);
    const auto apex = zone_text(zone);
    const bool inside = name.within(zone) && !(name == zone) && zone.label_count() > 0;
    return inside ? text.substr(0, text.size() - apex.size() - 1) : text;
}

std::string count_text(std::size_t count, const std::string& thing) {
    return fmt::format("{} {}{}", count, thing,
                       count == 1                   ? ""
                       : thing.ends_with("address") ? "es"
                                                    : "s");
}

std::string listed(const std::vector<std::string>& words) {
    if (words.size() > 2)
        return fmt::format("{}, {} and {} more", words[0], words[1], words.size() - 2);
    return words.empty() ? "" : words.size() == 1 ? words[0] : words[0] + " and " + words[1];
}

}  // namespace doctor
