// SPDX-License-Identifier: Apache-2.0
#pragma once
// The files from which a server serves: zones, databases and cookie secrets. Slow. Until the first
// load has been put into service this belongs to the control thread, and then to the thread of loads.

#include "dnsd/loading/cookie_secrets.hpp"
#include "dnsd/loading/steered_loader.hpp"
#include "geo/base/problem.hpp"
#include "geo/base/result.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace control {

/// What a load has come to.
struct Loaded {
    using Zones = geo::Result<std::optional<zones::Catalog>>;
    /// Nothing: no file of a zone or database has changed. An error: nothing could be loaded, for
    /// want of memory, say.
    Zones catalog{std::nullopt};
    std::optional<CookieSecrets> secrets{};  // nothing: not changed, or faulty
    std::vector<Alarm> alarms{};             // of the catalog
    geo::Problems problems{};
};

class ServedFiles {
 public:
    /// Both outlive this.
    ServedFiles(SteeredLoader& loader, CookieSecretFile& cookie_file)
        : loader_{loader}, cookie_file_{cookie_file} {}

    enum class Scope : std::uint8_t { Changes, Everything };
    /// Loads everything, or what has changed. When it throws, the next call loads zones again.
    void load(Scope scope, Loaded& loaded);

 private:
    SteeredLoader& loader_;
    CookieSecretFile& cookie_file_;
};

}  // namespace control
