// SPDX-License-Identifier: Apache-2.0
#include "dnsd/nodes/measurement_zone.hpp"

#include <algorithm>
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

std::size_t MeasurementZone::bucket_of(std::string_view owner) const noexcept {
    return hash_(owner) % bucket_count;
}

const std::string* MeasurementZone::find(std::string_view owner) const {
    const auto& bucket = buckets_[bucket_of(owner)];
    if (bucket == nullptr) return nullptr;
    const auto found = std::ranges::find(*bucket, owner, &ZoneRecord::owner);
    return found == bucket->end() ? nullptr : &found->text;
}

bool MeasurementZone::has_below(std::string_view owner) const {
    return ends_.contains(owner);
}

void MeasurementZone::count_ends(std::string_view owner, Has has) {
    for (auto dot = owner.find('.'); dot != std::string_view::npos;
         dot = owner.find('.', dot + 1)) {
        const auto end = owner.substr(dot + 1);
        auto known = ends_.find(end);
        if (known == ends_.end()) known = ends_.emplace(end, 0).first;
        has == Has::Come ? ++known->second : --known->second;
        if (known->second == 0) ends_.erase(known);
    }
}

bool MeasurementZone::publish(const Changes& changes, Serial now) {
    std::vector<Edit> edits;
    add_new(changes.set, edits);
    for (const auto& owner : changes.removed) {
        if (find(owner) != nullptr && !changes.set.contains(owner))
            edits.push_back({bucket_of(owner), &owner, nullptr});
    }
    return apply(std::move(edits), now);
}

bool MeasurementZone::replace(const Records& all, Serial now) {
    std::vector<Edit> edits;
    add_new(all, edits);
    for (std::size_t number = 0; number < bucket_count; ++number) {
        if (buckets_[number] == nullptr) continue;
        for (const auto& record : *buckets_[number]) {
            if (!all.contains(record.owner)) edits.push_back({number, &record.owner, nullptr});
        }
    }
    return apply(std::move(edits), now);
}

/// Adds an edit for each record that the zone can hold, but does not have with this text.
void MeasurementZone::add_new(const Records& records, std::vector<Edit>& edits) const {
    for (const auto& [owner, text] : records) {
        const auto* known = find(owner);
        const bool same = known != nullptr && *known == text;
        if (!same && is_owner(owner) && is_text(text))
            edits.push_back({bucket_of(owner), &owner, &text});
    }
}

bool MeasurementZone::apply(std::vector<Edit> edits, Serial now) {
    const bool first = !std::exchange(published_, true);
    if (edits.empty() && !first) return false;
    const auto from = std::exchange(serial_, first || is_newer(now, serial_) ? now : serial_ + 1);
    std::ranges::sort(edits, {}, &Edit::bucket);
    std::vector<ZoneRecord> removed;
    std::vector<ZoneRecord> added;
    for (auto edit = edits.begin(); edit != edits.end();) {
        const auto number = edit->bucket;
        const auto held = buckets_[number];  // owners of edits may stand in it
        std::vector<ZoneRecord> bucket;
        if (held != nullptr) bucket = *held;
        for (; edit != edits.end() && edit->bucket == number; ++edit) {
            take_out(bucket, *edit->owner, removed);
            if (edit->text == nullptr) continue;
            bucket.push_back({*edit->owner, *edit->text});
            count_ends(*edit->owner, Has::Come);
            ++size_;
            if (!first) added.push_back(bucket.back());
        }
        buckets_[number] = bucket.empty() ? nullptr : share(std::move(bucket));
    }
    if (!first) note({from, serial_, share(std::move(removed)), share(std::move(added))});
    return true;
}

/// Moves the owner's record to `removed`, if there is one.
void MeasurementZone::take_out(std::vector<ZoneRecord>& bucket, const std::string& owner,
                               std::vector<ZoneRecord>& removed) {
    const auto found = std::ranges::find(bucket, owner, &ZoneRecord::owner);
    if (found == bucket.end()) return;
    count_ends(owner, Has::Gone);
    removed.push_back(std::move(*found));
    if (found + 1 != bucket.end()) *found = std::move(bucket.back());
    bucket.pop_back();
    --size_;
}

void MeasurementZone::note(JournalEntry entry) {
    journal_size_ += entry.size();
    journal_.push_back(std::move(entry));
    const auto most = std::max(least_journal, size_ / 2);
    for (; journal_size_ > most; journal_.pop_front()) journal_size_ -= journal_.front().size();
}

std::vector<Piece> MeasurementZone::whole() const {
    std::vector<Piece> pieces{{serial_, nullptr}};
    for (const auto& bucket : buckets_) {
        if (bucket != nullptr) pieces.push_back({serial_, bucket});
    }
    pieces.push_back({serial_, nullptr});
    return pieces;
}

std::optional<std::vector<Piece>> MeasurementZone::since(Serial serial) const {
    std::vector<Piece> pieces{{serial_, nullptr}};
    if (serial == serial_) return pieces;
    auto entry = std::ranges::find(journal_, serial, &JournalEntry::from);
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
    // RFC 1995 §5: a transfer of differences is not to be longer than the zone.
    return records > size_ && records > least_journal ? std::nullopt : std::optional{pieces};
}

}  // namespace transfer
