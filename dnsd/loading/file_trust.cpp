// SPDX-License-Identifier: Apache-2.0
#include "dnsd/loading/file_trust.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace control {
namespace {

/// The files of a sticky folder are safe from everybody but their owners.
bool open_to_all(const struct stat& found) {
    return (found.st_mode & S_IWOTH) != 0 &&
           !(S_ISDIR(found.st_mode) && (found.st_mode & S_ISVTX) != 0);
}

/// Debian gives each user a group of the same number.
bool open_to_strange_group(const struct stat& found) {
    return (found.st_mode & S_IWGRP) != 0 && found.st_gid != 0 && found.st_gid != ::getegid() &&
           found.st_gid != found.st_uid;
}

}  // namespace

void look_at_writers(const std::string& path, FilePower power, geo::Problems& problems) {
    const bool powerful = power == FilePower::Server;
    const std::string why = powerful ? ", and this zone has programs run or other files read" : "";
    // Tells a warning of a folder once for its thousand zones, but a fault for each of them.
    const auto tell = [&](const std::string& place, std::string text, geo::Severity severity) {
        const auto told = [&](const geo::Problem& problem) {
            return problem.file == place && problem.text == text;
        };
        if (severity == geo::Severity::Warning && std::ranges::any_of(problems, told)) return;
        problems.push_back(
            {.file = place, .path = {}, .text = std::move(text), .severity = severity});
    };
    const auto parent = std::filesystem::path{path}.parent_path().string();
    for (const auto& place : {path, parent.empty() ? std::string{"."} : parent}) {
        struct stat found {};
        if (::stat(place.c_str(), &found) != 0) continue;
        if (open_to_all(found)) {
            tell(place, "everybody can write it" + why + "; \"chmod o-w " + place + "\" mends it",
                 powerful ? geo::Severity::Fault : geo::Severity::Warning);
        }
        if (!powerful) continue;
        if (found.st_uid != 0 && found.st_uid != ::geteuid()) {
            tell(place, "belongs to user " + std::to_string(found.st_uid) + why,
                 geo::Severity::Warning);
        }
        if (open_to_strange_group(found)) {
            tell(place, "group " + std::to_string(found.st_gid) + " can write it" + why,
                 geo::Severity::Warning);
        }
    }
}

}  // namespace control
