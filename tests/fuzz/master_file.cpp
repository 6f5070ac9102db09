// SPDX-License-Identifier: Apache-2.0
// A zone file in master format: it has faults or can be served, and once it is imported its JSON is
// answered alike.
#include "tests/fuzz/served.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/temporary_folder.hpp"
#include "zones/file/zone_file.hpp"
#include "zones/master/master_zone.hpp"
#include "zones/master/zone_import.hpp"

#include <string>
#include <utility>
#include <vector>

namespace {

using Questions = std::vector<std::pair<zones::Name, zones::RrType>>;

constexpr std::size_t most_questions = 20;

Questions questions_of(const std::string& path) {
    geo::Problems problems;
    Questions questions;
    zones::FilesOnDisk files;
    const auto zone = zones::MasterZone::load(path, zones::origin_of(path), problems, files);
    if (zone == nullptr) return questions;
    const auto& contents = zone->contents();
    for (const auto& set : contents.sets()) {
        // Those of the zone itself get the zone's TTL, of which a warning tells.
        if (set.type == zones::rr::NS && set.owner == 0) continue;
        if (questions.size() < most_questions)
            questions.emplace_back(contents.owner(set), set.type);
    }
    return questions;
}

void compare(const zones::Zone& file, std::shared_ptr<const zones::Zone> json,
             const fuzz::Served& served, const std::string& path) {
    fuzz::expect(json != nullptr, "what is imported has no faults");
    fuzz::expect(json->apex() == file.apex(), "what is imported is the same zone");
    const auto imported = fuzz::Served::make(std::move(json));
    fuzz::expect(imported.has_value(), "what is imported can be served");
    for (const auto& [name, type] : questions_of(path))
        fuzz::expect(served.ask(name, type) == imported->ask(name, type),
                     "what is imported is answered as the file");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const support::TemporaryFolder folder;
    const auto path = folder.write("example.com.zone", fuzz::text_of({data, size}));
    geo::Problems problems;
    const auto zone = zones::load_zone(path, problems);
    fuzz::expect((zone == nullptr) == geo::any_fault(problems), "a zone is refused with a reason");
    if (zone == nullptr) return 0;
    const auto served = fuzz::Served::make(zone);
    fuzz::expect(served.has_value(), "a zone without policies can be served");
    served->ask_around();
    geo::Problems more;
    auto text = zones::import_zone(path, zones::origin_of(path), more);
    if (!text) return 0;
    compare(*zone, zones::read_zone(std::move(*text), "imported.json", 7, more), *served, path);
    return 0;
}
