// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/start.hpp"

#include "dnsd/loading/problem_log.hpp"
#include "dnsd/rights/access.hpp"
#include "dnsd/threads/meanwhile.hpp"
#include "geo/text/fact_line.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace control {
namespace {

constexpr std::chrono::seconds tell_every{5};

Alarm alarm_of(const char* word, const geo::Problems& problems) {
    const auto first = std::ranges::find(problems, geo::Severity::Fault, &geo::Problem::severity);
    const auto text = first == problems.end() ? std::string{} : geo::to_text(*first);
    probes::FactLine line;
    line.add("alarm", word);
    line.add("fault", text);
    return {{}, line.text(), text};
}

}  // namespace

bool Start::goes_on() const {
    return config_.keep_going || !receivers_.kept.empty();
}

bool Start::read_keys() {
    auto& link = receivers_.link;
    auto& health = receivers_.health;
    geo::Problems problems;
    link.begin(problems, !config_.relay.ports.empty());
    health.on_told([&link, &health] { link.tell_health(health.told()); });
    health.on_told_drains([&link](const transfer::Changes& said) { link.tell_drains(said); });
    link.tell_drains({.set = health.told_drains(), .removed = {}});
    receivers_.maker.set_signatures(link.sharing().signatures());
    log(problems);
    if (!geo::any_fault(problems)) return true;
    if (goes_on()) receivers_.service.add_alarm(alarm_of("nothing_is_shared", problems));
    spdlog::error(goes_on() ? "nothing is shared with other nodes"
                            : "not started; --keep-going serves without sharing");
    return goes_on();
}

/// Cookies have to be good at all servers of a zone: where nothing is told, its nodes agree by the key
/// that they share.
bool Start::read_secrets() {
    auto& maker = receivers_.maker;
    if (!receivers_.cookie_file.named()) {
        const auto* keys = receivers_.link.sharing().keys();
        maker.set_cookie_secrets(keys == nullptr
                                     ? random_cookie_secrets()
                                     : derived_cookie_secrets(*keys, config_.node->zone));
        return true;
    }
    geo::Problems problems;
    auto secrets = receivers_.cookie_file.load(problems);
    log(problems);
    maker.set_cookie_secrets(secrets ? std::move(*secrets) : random_cookie_secrets());
    if (secrets) return true;
    spdlog::error(goes_on() ? "cookies are made with a secret of this server alone"
                            : "not started; --keep-going makes up a secret");
    return goes_on();
}

/// The first load may take minutes, and nobody is answered until then.
zones::Catalog Start::load(geo::Problems& problems) {
    const Meanwhile meanwhile{
        tell_every, [progress = receivers_.loader.progress()](std::chrono::milliseconds passed) {
            const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(passed);
            spdlog::info("not ready yet after {} s: {}", seconds.count(), progress->text());
        }};
    return receivers_.loader.load(problems);
}

bool Start::load_zones() {
    geo::Problems problems;
    auto catalog = load(problems);
    explain_denials(problems);
    log(problems);
    const bool nothing = catalog.zones().empty() && !config_.keep_going;
    if (geo::any_fault(problems) && (!goes_on() || nothing)) {
        spdlog::error("not started; --keep-going serves what is good");
        return false;
    }
    receivers_.service.begin(std::move(catalog), receivers_.loader.alarms());
    return true;
}

}  // namespace control
