// SPDX-License-Identifier: Apache-2.0
#include "dnsd/transfer/measurement_zone.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

namespace transfer {
namespace {

constexpr std::size_t least_journal = 1000;  // records that it may hold, however small the zone is

RecordList share(std::vector<ZoneRecord> records) {
    return std::make_shared<const std::vector<ZoneRecord>>(std::move(records));
}

}  // namespace

Serial serial_at(std::chrono::system_clock::time_point now) {
    using Sixteenths = std::chrono::duration<std::int64_t, std::ratio<1, 16>>;
    return static_cast<Serial>(
        std::chrono::duration_cast<Sixteenths>(now.time_since_epoch()).count());
}

MeasurementZone::MeasurementZone(ZoneFace face) : face_{std::move(face)}, buckets_(bucket_count) {}

std::size_t MeasurementZone::bucket_of(std::string_view owner) noexcept {
    return std::hash<std::string_view>{}(owner) % bucket_count;
}

const std::string* MeasurementZone::find(std::string_view owner) const {
    const auto& bucket = buckets_[bucket_of(owner)];
    if (bucket == nullptr) return nullptr;
    const auto found = std::ranges::find(*bucket, owner, &ZoneRecord::owner);
    return found == bucket->end() ? nullptr : &found->text;
}

bool MeasurementZone::has_below(std::string_view owner) const {
    const auto ending = "." + std::string{owner};
    return std::ranges::any_of(buckets_, [&](const RecordList& bucket) {
        return bucket != nullptr && std::ranges::any_of(*bucket, [&](const ZoneRecord& record) {
                   return record.owner.ends_with(ending);
               });
    });
}

bool MeasurementZone::publish(const Changes& changes, Serial now) {
    Changes real;
    for (const auto& [owner, text] : changes.set) {
        const auto* known = find(owner);
        const bool same = known != nullptr && *known == text;
        if (!same && is_owner(owner) && is_text(text)) real.set.emplace(owner, text);
    }
    for (const auto& owner : changes.removed) {
        if (find(owner) != nullptr && !changes.set.contains(owner)) real.removed.push_back(owner);
    }
    std::ranges::sort(real.removed);
    const auto twice = std::ranges::unique(real.removed);
    real.removed.erase(twice.begin(), twice.end());
    const bool first = !std::exchange(published_, true);
    if (real.empty() && !first) return false;
    const auto from = std::exchange(serial_, first || is_newer(now, serial_) ? now : serial_ + 1);
    std::vector<ZoneRecord> removed;
    apply(real, removed);
    std::vector<ZoneRecord> added;
    for (auto& [owner, text] : real.set) added.push_back({owner, text});
    if (!first) note({from, serial_, share(std::move(removed)), share(std::move(added))});
    return true;
}

bool MeasurementZone::replace(const Records& all, Serial now) {
    Changes changes{.set = all, .removed = {}};
    for (const auto& bucket : buckets_) {
        if (bucket == nullptr) continue;
        for (const auto& record : *bucket) {
            if (!all.contains(record.owner)) changes.removed.push_back(record.owner);
        }
    }
    return publish(changes, now);
}

/// Moves what each owner had before to `removed`.
void MeasurementZone::apply(const Changes& changes, std::vector<ZoneRecord>& removed) {
    std::map<std::size_t, std::vector<ZoneRecord>> changed;
    const auto take_out = [&](const std::string& owner) -> std::vector<ZoneRecord>& {
        const auto number = bucket_of(owner);
        const auto [at, fresh] = changed.try_emplace(number);
        auto& bucket = at->second;
        if (fresh && buckets_[number] != nullptr) bucket = *buckets_[number];
        const auto found = std::ranges::find(bucket, owner, &ZoneRecord::owner);
        if (found != bucket.end()) {
            removed.push_back(std::move(*found));
            if (found + 1 != bucket.end()) *found = std::move(bucket.back());
            bucket.pop_back();
            --size_;
        }
        return bucket;
    };
    for (const auto& owner : changes.removed) take_out(owner);
    for (const auto& [owner, text] : changes.set) {
        take_out(owner).push_back({owner, text});
        ++size_;
    }
    for (auto& [number, bucket] : changed)
        buckets_[number] = bucket.empty() ? nullptr : share(std::move(bucket));
}

void MeasurementZone::note(Entry entry) {
    journal_size_ += entry.size();
    journal_.push_back(std::move(entry));
    const auto most = std::max(least_journal, size_ / 2);
    for (; journal_size_ > most; journal_.pop_front()) journal_size_ -= journal_.front().size();
}

std::vector<Piece> MeasurementZone::whole() const {
    std::vector<Piece> pieces{
        {serial_, nullptr}
    };
    for (const auto& bucket : buckets_) {
        if (bucket != nullptr) pieces.push_back({serial_, bucket});
    }
    pieces.push_back({serial_, nullptr});
    return pieces;
}

std::optional<std::vector<Piece>> MeasurementZone::since(Serial serial) const {
    std::vector<Piece> pieces{
        {serial_, nullptr}
    };
    if (serial == serial_) return pieces;
    auto entry = std::ranges::find(journal_, serial, &Entry::from);
    if (entry == journal_.end()) return std::nullopt;
    std::size_t records = 0;
    for (; entry != journal_.end(); ++entry) {
        records += entry->size();
        pieces.push_back({entry->from, nullptr});
        pieces.push_back({entry->from, entry->removed});
        pieces.push_back({entry->to, nullptr});
        pieces.push_back({entry->to, entry->added});
    }
    pieces.push_back({serial_, nullptr});
    // RFC 1995 §4: the server sends whichever is less.
    return records > size_ && records > least_journal ? std::nullopt : std::optional{pieces};
}

}  // namespace transfer
