// SPDX-License-Identifier: Apache-2.0
#include "dnsd/nodes/incoming.hpp"

#include "dnsd/nodes/changes.hpp"

#include <algorithm>
#include <string_view>

namespace transfer {
namespace {

namespace rr = zones::rr;

constexpr std::size_t part = 2000;  // records, some milliseconds
/// Octets of memory that an entry of a table takes besides its owner and its text.
constexpr std::size_t entry_size = 160;

std::size_t cost(std::string_view owner, std::string_view text) {
    return entry_size + owner.size() + text.size();
}
std::string_view text_of(const std::optional<std::string>& text) {
    return text ? std::string_view{*text} : std::string_view{};
}
std::int64_t signed_cost(std::string_view owner, std::string_view text) {
    return static_cast<std::int64_t>(cost(owner, text));
}

/// The owner relative to the apex; empty for the apex and for what is not within it.
std::string owner_below(const zones::Name& name, const zones::Name& apex) {
    if (!name.within(apex)) return {};
    std::string owner;
    for (std::size_t i = 0; i < name.label_count() - apex.label_count(); ++i) {
        const auto label = name.suffix(i);
        if (i > 0) owner += '.';
        owner.append(label.begin() + 1, label.begin() + 1 + label[0]);
    }
    return owner;
}

std::uint32_t read32(wire::Octets octets, std::size_t at) {
    return std::uint32_t{wire::read16(octets, at)} << 16 | wire::read16(octets, at + 2);
}

}  // namespace

const char* to_text(IncomingFault fault) noexcept {
    switch (fault) {
        case IncomingFault::None:
            return "none";
        case IncomingFault::Broken:
            return "broken_message";
        case IncomingFault::Refused:
            return "refused";
        case IncomingFault::Sequence:
            return "records_out_of_order";
        case IncomingFault::Record:
            return "bad_record";
        case IncomingFault::Mismatch:
            return "journal_mismatch";
        case IncomingFault::TooMuch:
            return "too_large";
    }
    return "";
}

std::optional<Incoming::Soa> Incoming::read_soa(const wire::Record& record, wire::Octets message) {
    auto at = static_cast<std::size_t>(record.rdata.data() - message.data());
    const auto end = at + record.rdata.size();
    zones::Name name;
    if (!wire::read_name(message, at, name) || !wire::read_name(message, at, name) ||
        end != at + 20)
        return std::nullopt;
    const auto seconds = [&](std::size_t place) {
        return std::chrono::seconds{read32(message, at + place)};
    };
    return Soa{.serial = read32(message, at),
               .times = {.refresh = seconds(4), .retry = seconds(8), .expire = seconds(12)}};
}

IncomingFault Incoming::take(wire::Octets message) {
    octets_ += message.size();
    if (octets_ > limits_.octets) return IncomingFault::TooMuch;
    auto reader = wire::RecordReader::open(message);
    if (!reader || (message[2] & 0x80) == 0) return IncomingFault::Broken;
    if ((message[3] & 0xF) != 0) return IncomingFault::Refused;
    wire::Record record;
    while (reader->left() > 0) {
        if (!reader->next(record)) return IncomingFault::Broken;
        if (record.section != wire::Section::Answer) continue;
        const auto fault = take(record, message);
        if (fault != IncomingFault::None) return fault;
    }
    // One SOA alone in the first message: nothing is newer than what is known.
    if (stage_ == Stage::Second && known_ != nullptr) {
        if (latest_.serial == known_->serial) stage_ = Stage::Done;
        // A peer whose clock was set back has no differences for us.
        else if (is_newer(known_->serial, latest_.serial))
            return IncomingFault::Mismatch;
    }
    return stage_ == Stage::First ? IncomingFault::Sequence : IncomingFault::None;
}

IncomingFault Incoming::take(const wire::Record& record, wire::Octets message) {
    if (stage_ == Stage::Done) return IncomingFault::Sequence;
    if (record.rr_class != static_cast<std::uint16_t>(wire::RrClass::IN))
        return IncomingFault::Record;
    if (record.type == rr::SOA) {
        const auto soa = read_soa(record, message);
        if (!soa || !(record.owner == apex_)) return IncomingFault::Record;
        return take_soa(*soa);
    }
    if (stage_ == Stage::First) return IncomingFault::Sequence;
    if (stage_ == Stage::Second) {
        stage_ = Stage::Whole;
        whole_ = true;
    }
    if (!record.owner.within(apex_)) return IncomingFault::Record;
    // Other types are no fault: a later version may have them.
    return record.type == rr::TXT ? take_text(record) : IncomingFault::None;
}

IncomingFault Incoming::take_soa(const Soa& soa) {
    switch (stage_) {
        case Stage::First:
            latest_ = soa;
            stage_ = Stage::Second;
            return IncomingFault::None;
        case Stage::Second:
            if (soa.serial == latest_.serial) {  // an empty zone, whole
                whole_ = true;
                stage_ = Stage::Done;
                return IncomingFault::None;
            }
            if (known_ == nullptr) return IncomingFault::Sequence;
            reached_ = known_->serial;
            break;
        case Stage::Whole:
            stage_ = Stage::Done;
            return soa.serial == latest_.serial ? IncomingFault::None : IncomingFault::Sequence;
        case Stage::Removing:
            reached_ = soa.serial;
            stage_ = Stage::Adding;
            return IncomingFault::None;
        case Stage::Adding:
            if (reached_ == latest_.serial) {
                stage_ = Stage::Done;
                return soa.serial == reached_ ? IncomingFault::None : IncomingFault::Sequence;
            }
            break;
        case Stage::Done:
            return IncomingFault::Sequence;
    }
    if (soa.serial != reached_) return IncomingFault::Mismatch;
    stage_ = Stage::Removing;
    return IncomingFault::None;
}

IncomingFault Incoming::take_text(const wire::Record& record) {
    auto owner = owner_below(record.owner, apex_);
    const auto& rdata = record.rdata;
    if (!is_owner(owner) || rdata.empty() || rdata[0] != rdata.size() - 1)
        return IncomingFault::Record;
    std::string text{rdata.begin() + 1, rdata.end()};
    if (!is_text(text)) return IncomingFault::Record;
    if (stage_ == Stage::Removing) return remove(std::move(owner), text);
    return add(std::move(owner), std::move(text));
}

const std::string* Incoming::current(const std::string& owner) const {
    if (const auto changed = difference_.find(owner); changed != difference_.end())
        return changed->second ? &*changed->second : nullptr;
    const auto known = known_->records.find(owner);
    return known == known_->records.end() ? nullptr : &known->second;
}

IncomingFault Incoming::remove(std::string owner, const std::string& text) {
    const auto* known = current(owner);
    if (known == nullptr || *known != text) return IncomingFault::Mismatch;
    --growth_;
    growth_held_ -= signed_cost(owner, text);
    differ(std::move(owner), std::nullopt);
    return too_much() ? IncomingFault::TooMuch : IncomingFault::None;
}

IncomingFault Incoming::add(std::string owner, std::string text) {
    if (!whole_ && current(owner) != nullptr) return IncomingFault::Mismatch;
    ++growth_;
    growth_held_ += signed_cost(owner, text);
    if (whole_) {
        held_ += cost(owner, text);
        const bool fresh = all_.emplace(std::move(owner), std::move(text)).second;
        if (!fresh) return IncomingFault::Record;
    } else {
        differ(std::move(owner), std::move(text));
    }
    return too_much() ? IncomingFault::TooMuch : IncomingFault::None;
}

void Incoming::differ(std::string owner, std::optional<std::string> text) {
    const auto known = known_->records.find(owner);
    const bool there = known != known_->records.end();
    const bool same = text ? there && known->second == *text : !there;
    if (const auto before = difference_.find(owner); before != difference_.end()) {
        held_ -= cost(before->first, text_of(before->second));
        difference_.erase(before);
    }
    if (same) return;
    held_ += cost(owner, text_of(text));
    difference_.emplace(std::move(owner), std::move(text));
}

bool Incoming::too_much() const noexcept {
    const auto records = whole_ ? std::size_t{0} : known_->records.size();
    const auto octets = whole_ ? std::int64_t{0} : known_->held;
    return static_cast<std::int64_t>(records) + growth_ >
               static_cast<std::int64_t>(limits_.records) ||
           octets + growth_held_ > static_cast<std::int64_t>(limits_.held) || held_ > limits_.held;
}

Changes Incoming::bring(KnownZone& zone) {
    Changes changes;
    std::size_t looked_at = 0;
    if (whole_) remove_others(zone, changes, looked_at);
    for (; looked_at < part && !all_.empty(); ++looked_at)
        set(zone, all_.extract(all_.begin()), changes);
    for (; looked_at < part && !difference_.empty(); ++looked_at) {
        auto node = difference_.extract(difference_.begin());
        const auto known = zone.records.find(node.key());
        const bool there = known != zone.records.end();
        if (there) zone.held -= signed_cost(known->first, known->second);
        if (node.mapped()) {
            zone.held += signed_cost(node.key(), *node.mapped());
            changes.set.emplace(node.key(), *node.mapped());
            zone.records.insert_or_assign(std::move(node.key()), std::move(*node.mapped()));
        } else if (there) {
            zone.records.erase(known);
            changes.removed.push_back(std::move(node.key()));
        }
    }
    brought_ = (!whole_ || compared_) && all_.empty() && difference_.empty();
    if (brought_) {
        zone.serial = latest_.serial;
        zone.times = latest_.times;
    }
    return changes;
}

/// Removes a part of the records that the new zone does not have. `all_` stays whole until all
/// records are compared.
void Incoming::remove_others(KnownZone& zone, Changes& changes, std::size_t& looked_at) {
    if (compared_) return;
    auto at = resume_.empty() ? zone.records.begin() : zone.records.find(resume_);
    for (; at != zone.records.end() && looked_at < part; ++looked_at) {
        if (all_.contains(at->first)) {
            ++at;
            continue;
        }
        changes.removed.push_back(at->first);
        zone.held -= signed_cost(at->first, at->second);
        at = zone.records.erase(at);
    }
    compared_ = at == zone.records.end();
    if (!compared_) {
        resume_ = at->first;
        looked_at = part;
    } else {
        zone.records.reserve(all_.size());
    }
}

void Incoming::set(KnownZone& zone, All::node_type node, Changes& changes) {
    const auto known = zone.records.find(node.key());
    const bool there = known != zone.records.end();
    if (there && known->second == node.mapped()) return;
    if (there) zone.held -= signed_cost(known->first, known->second);
    zone.held += signed_cost(node.key(), node.mapped());
    changes.set.emplace(node.key(), node.mapped());
    if (!there) {
        zone.records.insert(std::move(node));
    } else {
        known->second = std::move(node.mapped());
    }
}

}  // namespace transfer
