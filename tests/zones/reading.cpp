// SPDX-License-Identifier: Apache-2.0
#include "tests/zones/reading.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace reading {

std::vector<std::string> lines_of(const geo::Problems& problems) {
    std::vector<std::string> lines;
    for (auto problem : problems) {
        problem.file.clear();
        lines.push_back(geo::to_text(problem).substr(1));
    }
    return lines;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    return text;
}

Reading read(std::string text) {
    geo::Problems problems;
    auto zone = zones::read_zone(std::move(text), "", 1'700'000'000, problems);
    return {std::move(zone), lines_of(problems)};
}

Reading read_with(std::string_view members) {
    return read(R"({"zone": "example.com", "nameservers": {"ns1": "192.0.2.1"}, )" +
                std::string{members} + "}");
}

std::string contents(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) throw std::runtime_error{"cannot read " + path};
    return {std::istreambuf_iterator<char>{file}, {}};
}

zones::Name name(std::string_view text) {
    const auto found = zones::Name::from_text(text, zones::Name{});
    if (!found) throw std::invalid_argument{"no name: " + std::string{text}};
    return *found;
}

}  // namespace reading
