// SPDX-License-Identifier: Apache-2.0
#include "dnsd/loading/catalog_changes.hpp"

#include <spdlog/fmt/fmt.h>

#include <string_view>
#include <utility>

namespace control {
namespace {

constexpr std::size_t most_names = 8;  // of a kind, so that a line stays one

/// Names of zones that something has happened to.
class Names {
 public:
    void add(std::string text) {
        if (count_++ >= most_names) return;
        text_ += (text_.empty() ? "" : ", ") + std::move(text);
    }
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    [[nodiscard]] std::string text() const {
        return count_ <= most_names ? text_
                                    : fmt::format("{} and {} more", text_, count_ - most_names);
    }

 private:
    std::string text_;
    std::size_t count_ = 0;
};

const zones::Zone* find(const zones::Catalog& catalog, const zones::Name& apex) {
    const auto* found = catalog.find(apex);
    return found != nullptr && found->zone->apex() == apex ? found->zone.get() : nullptr;
}

std::string with_serial(const zones::Zone& zone) {
    return fmt::format("{} (serial {})", zone.apex().text(), zone.serial());
}

}  // namespace

std::string changes_text(const zones::Catalog& before, const zones::Catalog& now) {
    Names changed, added, gone, read_again;
    for (const auto& served : now.zones()) {
        const auto& zone = *served.zone;
        const auto* old = find(before, zone.apex());
        if (old == nullptr) {
            added.add(with_serial(zone));
        } else if (old->serial() != zone.serial()) {
            changed.add(fmt::format("{} (serial {}, was {})", zone.apex().text(), zone.serial(),
                                    old->serial()));
        } else if (old != &zone) {
            read_again.add(with_serial(zone));
        }
    }
    for (const auto& served : before.zones()) {
        if (find(now, served.zone->apex()) == nullptr) gone.add(served.zone->apex().text());
    }
    const std::pair<std::string_view, const Names&> kinds[] = {
        {"changed", changed}, {"new", added}, {"gone", gone}, {"read again", read_again}};
    std::string text;
    for (const auto& [kind, names] : kinds) {
        if (!names.empty())
            text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", kind, names.text());
    }
    return text.empty() ? "no zone has changed" : text;
}

std::string zones_text(const zones::Catalog& catalog) {
    Names names;
    for (const auto& served : catalog.zones()) names.add(with_serial(*served.zone));
    return names.text();
}

}  // namespace control
