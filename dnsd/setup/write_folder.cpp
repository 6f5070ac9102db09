// SPDX-License-Identifier: Apache-2.0
#include "dnsd/setup/write_folder.hpp"

#include "geo/base/file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fcntl.h>

namespace setup {
namespace {

namespace fs = std::filesystem;
using geo::Error;

/// A folder that goes with all that is in it, unless it has been kept.
class PassingFolder {
 public:
    explicit PassingFolder(const std::string& pattern) : path_{pattern} {
        if (::mkdtemp(path_.data()) == nullptr) path_.clear();
    }
    PassingFolder(const PassingFolder&) = delete;
    PassingFolder& operator=(const PassingFolder&) = delete;
    ~PassingFolder() {
        std::error_code unseen;
        if (!path_.empty()) fs::remove_all(path_, unseen);
    }

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    /// Gives it a name that nothing has yet; errno says why not.
    [[nodiscard]] bool keep_as(const std::string& name) {
        int renamed =
            ::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, name.c_str(), RENAME_NOREPLACE);
        // Some file systems do not know RENAME_NOREPLACE: there nothing but an empty folder is replaced.
        if (renamed != 0 && errno == EINVAL) renamed = std::rename(path_.c_str(), name.c_str());
        if (renamed == 0) path_.clear();
        return renamed == 0;
    }

 private:
    std::string path_;
};

Error failed(const std::string& path) {
    return {path + ": " + std::strerror(errno)};
}

Error exists(const std::string& path) {
    return {path +
            " exists already; nothing was written. Name another folder with --out, or move this "
            "one away"};
}

std::optional<Error> write_file(const std::string& folder, const File& file,
                                fs::file_time_type time) {
    const auto path = folder + "/" + file.path;
    std::error_code fault;
    fs::create_directories(fs::path{path}.parent_path(), fault);
    if (fault) return Error{path + ": " + fault.message()};
    if (auto unwritten = probes::replace_file(path, file.text)) return unwritten;
    using fs::perms;
    const auto mode = perms::owner_read | perms::owner_write;
    const auto all = mode | perms::group_read | perms::others_read;
    fs::permissions(path, file.readers == Readers::All ? all : mode, fault);
    if (!fault) fs::last_write_time(path, time, fault);
    return fault ? std::optional{Error{path + ": " + fault.message()}} : std::nullopt;
}

}  // namespace

std::optional<Error> write_folder(const std::string& path, const Files& files,
                                  const Approve& approve) {
    std::string place = path;
    while (place.size() > 1 && place.ends_with('/')) place.pop_back();
    std::error_code unseen;
    if (fs::symlink_status(place, unseen).type() != fs::file_type::not_found) return exists(place);
    PassingFolder folder{place + ".XXXXXX"};
    if (folder.path().empty()) return failed(place);
    const auto now = fs::file_time_type::clock::now();
    for (const auto& file : files)
        if (auto unwritten = write_file(folder.path(), file, now)) return unwritten;
    if (!approve(folder.path()))
        return Error{"what would have been written is faulty; nothing was written"};
    if (folder.keep_as(place)) return std::nullopt;
    return errno == EEXIST || errno == ENOTEMPTY ? exists(place) : failed(place);
}

}  // namespace setup
