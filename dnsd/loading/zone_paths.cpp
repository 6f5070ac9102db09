// SPDX-License-Identifier: Apache-2.0
#include "dnsd/loading/zone_paths.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace control {
namespace {

namespace fs = std::filesystem;

/// Sets `fault` when the folder cannot be read to its end: no descriptor may be free, say.
std::vector<std::string> files_in(const std::string& folder, std::error_code& fault) {
    std::vector<std::string> found;
    for (auto at = fs::directory_iterator{folder, fault}; !fault && at != fs::directory_iterator{};
         at.increment(fault)) {
        const auto name = at->path().filename().string();
        const bool zone = name.ends_with(".json") || name.ends_with(".zone");
        if (zone && !name.starts_with('.')) found.push_back(at->path().string());
    }
    std::ranges::sort(found);
    return found;
}

}  // namespace

ZonePaths::ZonePaths(std::vector<std::string> paths) : paths_{std::move(paths)} {
    for (auto& path : paths_) {
        std::error_code ignored;
        while (path.size() > 1 && path.ends_with('/')) path.pop_back();
        if (fs::is_directory(path, ignored)) folders_.insert(path);
    }
}

std::vector<std::string> ZonePaths::files(const ServedOutOf& served_out_of,
                                          geo::Problems& problems) const {
    std::vector<std::string> files;
    for (const auto& path : paths_) {
        std::error_code ignored;
        const bool folder = fs::is_directory(path, ignored) || folders_.contains(path);
        // If a folder was missing at the start, the kept forms of its files tell that it is one.
        const bool file = !folder && (fs::exists(path, ignored) || kept_within(path).empty());
        if (file) {
            files.push_back(path);
            continue;
        }
        std::error_code fault;
        auto inside = files_in(path, fault);
        if (fault) {
            // A folder that is gone, or cannot be read for a while, takes no zone out of service.
            problems.push_back(
                {.file = path, .path = {}, .text = fault.message() + "; its zones stay"});
            inside = served_out_of ? served_out_of(path) : kept_within(path);
        }
        if (!fault && inside.empty()) {
            // Its volume may not be mounted, or the program that fills it found nothing. Nobody
            // wants to lose all zones by that.
            if (served_out_of) inside = served_out_of(path);
            problems.push_back(
                {.file = path,
                 .path = {},
                 .text = inside.empty()
                             ? "the folder has no file that ends in .json or .zone"
                             : "the folder has no file any more that ends in .json or .zone; its "
                               "zones stay until a restart"});
        }
        files.insert(files.end(), inside.begin(), inside.end());
    }
    std::ranges::sort(files);
    files.erase(std::unique(files.begin(), files.end()), files.end());
    return files;
}

/// Returns the files of a folder that have a kept form.
std::vector<std::string> ZonePaths::kept_within(const std::string& folder) const {
    std::vector<std::string> inside;
    if (kept_ == nullptr) return inside;
    std::error_code ignored;
    const auto whole = fs::absolute(folder, ignored).lexically_normal();
    for (const auto& path : kept_->paths()) {
        const fs::path file{path};
        if (file.parent_path() == whole)
            inside.push_back((fs::path{folder} / file.filename()).string());
    }
    return inside;
}

std::vector<std::string> ZonePaths::taken_away(const std::vector<std::string>& files) const {
    std::vector<std::string> gone;
    if (kept_ == nullptr) return gone;
    const auto whole = [](const std::string& path) {
        std::error_code ignored;
        return fs::absolute(path, ignored).lexically_normal();
    };
    std::set<fs::path> there, folders, named;
    for (const auto& path : paths_) named.insert(whole(path));
    for (const auto& path : files) {
        there.insert(whole(path));
        folders.insert(whole(path).parent_path());
    }
    for (const auto& path : kept_->paths()) {
        const auto folder = fs::path{path}.parent_path();
        if (there.contains(path)) continue;
        if (folders.contains(folder) || !named.contains(folder)) gone.push_back(path);
    }
    return gone;
}

bool ZonePaths::in_folder(const std::string& file) const {
    return folders_.contains(fs::path{file}.parent_path().string());
}

}  // namespace control
