// SPDX-License-Identifier: Apache-2.0
#include "geo/place/cities.hpp"

#include "dnsd/commands/commands.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>

namespace commands {
namespace {

int cities(const Flags& flags) {
    const auto found = geo::cities_like(flags.name);
    for (const auto* city : found) {
        std::printf("\"%s\"  %.2f, %.2f\n", geo::full_name(*city).c_str(), city->at.latitude,
                    city->at.longitude);
    }
    return found.empty() ? fail("no city is like \"" + flags.name +
                                "\"; coordinates always do: [latitude, longitude]")
                         : 0;
}

}  // namespace

void add_cities(CLI::App& app, Flags& flags, int& status) {
    auto& command = *app.add_subcommand(
        "cities",
        "Print the cities that a \"location\" may name, with their coordinates. Examples:\n"
        "  isochrone cities fra\n"
        "  isochrone cities Germany");
    command.add_option("text", flags.name,
                       "What a word of them, a code or their country begins with "
                       "[default: all]");
    command.callback([&] { status = cities(flags); });
}

}  // namespace commands
