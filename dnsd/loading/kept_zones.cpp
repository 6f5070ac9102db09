// SPDX-License-Identifier: Apache-2.0
#include "dnsd/loading/kept_zones.hpp"

#include "geo/base/descriptor.hpp"
#include "geo/base/file.hpp"
#include "zones/file/zone_file.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace control {
namespace {

using geo::Descriptor;

namespace fs = std::filesystem;

constexpr std::string_view magic = "isochrone-zone 1";
constexpr std::size_t most_parts = 2000;                 // of a zone: more than a reader takes
constexpr std::int64_t largest = std::int64_t{1} << 30;  // octets of all files of a zone
constexpr std::size_t piece = 1 << 18;
constexpr int rest_after_writing = 20;  // times as long as it took

std::string absolute(const std::string& path) {
    std::error_code fault;
    const auto whole = fs::absolute(path, fault);
    return fault ? path : whole.lexically_normal().string();
}

/// FNV-1a: the same at each start.
std::uint64_t hash_of(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
    return hash;
}

enum class Copied : std::uint8_t { Yes, Changed, Failed };

/// Copies a file only if it is still as it was when it was read.
Copied copy(const ZonePart& part, int to) {
    const Descriptor from{::open(part.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (*from < 0 || !(state_of(*from) == part.state)) return Copied::Changed;
    std::vector<char> room(piece);
    for (auto left = part.state.size; left > 0;) {
        const auto got = ::read(*from, room.data(),
                                static_cast<std::size_t>(std::min<off_t>(left, off_t{piece})));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return Copied::Changed;
        if (!probes::write_all(to, {room.data(), static_cast<std::size_t>(got)}))
            return Copied::Failed;
        left -= got;
    }
    return state_of(*from) == part.state ? Copied::Yes : Copied::Changed;
}

std::string head_of(const std::string& zone, std::chrono::sys_seconds kept,
                    const std::vector<ZonePart>& parts) {
    auto head = fmt::format("{}\nzone {}\nkept {}\n", magic, zone, kept.time_since_epoch().count());
    for (const auto& [path, state] : parts) {
        head += fmt::format("file {} {} {} {} {}\n", state.size, state.changed_ns, state.inode,
                            state.device, path);
    }
    return head + "\n";
}

/// The kept texts of a zone, read whole.
class KeptTexts final : public zones::Texts {
 public:
    KeptTexts(const std::vector<ZonePart>& parts, std::string_view octets) {
        for (const auto& [path, state] : parts) {
            const auto size = static_cast<std::size_t>(state.size);
            texts_.try_emplace(path, Text{octets.substr(0, size), state.changed_ns});
            octets.remove_prefix(size);
        }
    }

    std::optional<std::string> read(const std::string& path, geo::Problems& problems) override {
        const auto found = texts_.find(absolute(path));
        if (found != texts_.end()) return std::string{found->second.text};
        problems.push_back({.file = path, .path = {}, .text = "nothing of it is kept"});
        return std::nullopt;
    }
    std::int64_t changed(const std::string& path) override {
        const auto found = texts_.find(absolute(path));
        return found == texts_.end() ? 0 : found->second.changed_ns / 1'000'000'000;
    }

 private:
    struct Text {
        std::string_view text;
        std::int64_t changed_ns = 0;
    };
    std::map<std::string, Text> texts_;
};

}  // namespace

std::optional<std::string> NotedFiles::read(const std::string& path, geo::Problems& problems) {
    // Before the text: if the file changes in between, its state no longer is the noted one.
    const auto state = state_of(path);
    auto text = FilesOnDisk::read(path, problems);
    if (text) parts_.push_back({absolute(path), state});
    return text;
}

std::string KeptZones::file_of(const std::string& path) const {
    constexpr std::size_t most = 100;  // of a name that may have 255
    const auto name = fs::path{path}.filename().string();
    return fmt::format("{}/{}-{:016x}", folder_, name.substr(0, most), hash_of(path));
}

void KeptZones::open() {
    const std::lock_guard lock{mutex_};
    std::error_code fault;
    for (auto at = fs::directory_iterator{folder_, fault}; !fault && at != fs::directory_iterator{};
         at.increment(fault)) {
        const auto name = at->path().string();
        if (name.ends_with(".new")) {  // left behind by a sudden end
            ::unlink(name.c_str());
            continue;
        }
        const Descriptor open{::open(name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
        struct stat status {};
        if (*open < 0 || ::fstat(*open, &status) != 0 || !S_ISREG(status.st_mode)) continue;
        if ((status.st_mode & 0077) != 0) static_cast<void>(::fchmod(*open, 0600));
        std::ifstream file{name, std::ios::binary};
        Kept kept;
        std::int64_t seconds = 0;
        std::uint64_t octets = 0;
        std::string line, key;
        bool good = std::getline(file, line) && line == magic;
        good = good && file >> key >> kept.form.zone && key == "zone";
        good = good && file >> key >> seconds && key == "kept" && std::getline(file, line);
        while (good && std::getline(file, line) && !line.empty()) {
            ZonePart part{.path = {}, .state = {.there = true}};
            std::istringstream words{line};
            auto& state = part.state;
            good = words >> key >> state.size >> state.changed_ns >> state.inode >> state.device &&
                   key == "file" && words.get() == ' ' && std::getline(words, part.path) &&
                   state.size >= 0 && state.size <= largest && kept.parts.size() < most_parts;
            octets += static_cast<std::uint64_t>(state.size);
            kept.parts.push_back(std::move(part));
        }
        if (!good || !file || kept.parts.empty()) continue;
        kept.head = static_cast<std::uint64_t>(file.tellg());
        kept.form.kept = std::chrono::sys_seconds{std::chrono::seconds{seconds}};
        const auto path = kept.parts.front().path;
        if (kept.head + octets != static_cast<std::uint64_t>(status.st_size)) continue;
        if (file_of(path) == name) kept_.insert_or_assign(path, std::move(kept));
    }
}

bool KeptZones::empty() const {
    const std::lock_guard lock{mutex_};
    return kept_.empty();
}

std::vector<std::string> KeptZones::paths() const {
    const std::lock_guard lock{mutex_};
    std::vector<std::string> paths;
    for (const auto& [path, kept] : kept_) paths.push_back(path);
    return paths;
}

std::optional<KeptZones::Form> KeptZones::find(const std::string& path) const {
    const std::lock_guard lock{mutex_};
    const auto found = kept_.find(absolute(path));
    return found == kept_.end() ? std::nullopt : std::optional{found->second.form};
}

std::shared_ptr<const zones::Zone> KeptZones::load(const std::string& path,
                                                   geo::Problems& problems) const {
    const auto whole = absolute(path);
    std::vector<ZonePart> parts;
    std::uint64_t head = 0;
    {
        const std::lock_guard lock{mutex_};
        const auto found = kept_.find(whole);
        if (found == kept_.end()) return nullptr;
        parts = found->second.parts;
        head = found->second.head;
    }
    const auto text = zones::read_file(file_of(whole), problems);
    if (!text) return nullptr;
    std::uint64_t octets = head;
    for (const auto& part : parts) octets += static_cast<std::uint64_t>(part.state.size);
    if (octets != text->size()) {
        problems.push_back({.file = file_of(whole), .path = {}, .text = "damaged"});
        return nullptr;
    }
    KeptTexts texts{parts, std::string_view{*text}.substr(head)};
    return zones::load_zone(path, problems, texts);
}

void KeptZones::keep(const std::string& path, const std::string& zone,
                     std::vector<ZonePart> parts) {
    const auto whole = absolute(path);
    std::int64_t octets = 0;
    bool good = !parts.empty() && parts.front().path == whole && parts.size() <= most_parts;
    for (const auto& part : parts) {
        octets += part.state.size;
        good = good && part.state.there && part.path.find('\n') == std::string::npos;
    }
    if (!good || octets > largest) return;
    const std::lock_guard lock{mutex_};
    wanted_.erase(whole);
    const auto kept = kept_.find(whole);
    const auto same = [](const ZonePart& one, const ZonePart& other) {
        return one.path == other.path && one.state.size == other.state.size &&
               one.state.changed_ns == other.state.changed_ns &&
               one.state.inode == other.state.inode && one.state.device == other.state.device;
    };
    if (kept != kept_.end() && kept->second.form.zone == zone &&
        std::ranges::equal(kept->second.parts, parts, same))
        return;
    wanted_.insert_or_assign(whole, Wanted{zone, std::move(parts)});
}

void KeptZones::forget(const std::string& path) {
    const auto whole = absolute(path);
    const std::lock_guard lock{mutex_};
    wanted_.erase(whole);
    if (kept_.contains(whole)) wanted_.insert_or_assign(whole, Wanted{});
}

bool KeptZones::due(geo::Time now) const {
    const std::lock_guard lock{mutex_};
    return std::ranges::any_of(wanted_, [&](const auto& wanted) {
        const auto limit = not_before_.find(wanted.first);
        return limit == not_before_.end() || limit->second <= now;
    });
}

std::string KeptZones::write(geo::Time now) {
    std::map<std::string, Wanted> work;
    {
        const std::lock_guard lock{mutex_};
        for (auto at = wanted_.begin(); at != wanted_.end();) {
            const auto limit = not_before_.find(at->first);
            const bool later = limit != not_before_.end() && limit->second > now;
            const auto entry = at++;
            if (!later) work.insert(wanted_.extract(entry));
        }
    }
    std::string fault;
    for (const auto& [path, wanted] : work) do_one(path, wanted, fault);
    return fault;
}

void KeptZones::do_one(const std::string& path, const Wanted& wanted, std::string& fault) {
    const auto file = file_of(path);
    if (wanted.parts.empty()) {
        ::unlink(file.c_str());
        const std::lock_guard lock{mutex_};
        kept_.erase(path);
        not_before_.erase(path);
        return;
    }
    const auto fail = [&](const std::string& what) {
        fault = what + ": " + std::strerror(errno);
        ::unlink((file + ".new").c_str());
    };
    const auto begun = geo::Clock::now();
    if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST) return fail(folder_);
    const auto beside = file + ".new";
    ::unlink(beside.c_str());
    Descriptor to{::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    const auto kept = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto head = head_of(wanted.zone, kept, wanted.parts);
    if (*to < 0 || ::fchmod(*to, 0600) != 0 || !probes::write_all(*to, head)) return fail(beside);
    for (const auto& part : wanted.parts) {
        const auto copied = copy(part, *to);
        if (copied == Copied::Failed) return fail(beside);
        // The next load has another form of it.
        if (copied == Copied::Changed) return void(::unlink(beside.c_str()));
    }
    if (::fsync(*to) != 0 || !to.close()) return fail(beside);
    if (::rename(beside.c_str(), file.c_str()) != 0) return fail(file);
    const Descriptor folder{::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (*folder < 0 || ::fsync(*folder) != 0) fault = folder_ + ": " + std::strerror(errno);
    const std::lock_guard lock{mutex_};
    kept_.insert_or_assign(path, Kept{{wanted.zone, kept}, wanted.parts, head.size()});
    const auto now = geo::Clock::now();
    not_before_.insert_or_assign(path, now + rest_after_writing * (now - begun));
}

}  // namespace control
