// SPDX-License-Identifier: Apache-2.0
#include "tests/wan/relays.hpp"

#include "tests/e2e/support/client.hpp"
#include "tests/wan/document.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace wan {
namespace {

/// What every nginx of a test needs around its documented part: one process, nothing outside of
/// its folder.
constexpr const char* nginx_head =
    "daemon off;\nmaster_process off;\nworker_processes 1;\npid nginx.pid;\n"
    "error_log stderr notice;\nload_module /usr/lib/nginx/modules/ngx_stream_module.so;\n"
    "events { worker_connections 1024; }\n";

constexpr const char* haproxy_head =
    "global\n    log stderr local0\ndefaults\n    log global\n    mode http\n"
    "    timeout connect 5s\n    timeout client 50s\n    timeout server 50s\n";

/// The media server stands in for Plex. Its log has what it was told of the client.
constexpr const char* media_server = R"(
    log_format told '$remote_addr $http_x_forwarded_for;';
    access_log told.log told;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server {
        listen 32400;
        root .;
        location = /identity { return 200 "home\n"; }
        location = /film { root FOLDER; }
    }
)";

std::unique_ptr<support::Process> started(const Site& site, const support::Command& command) {
    auto process = std::make_unique<support::Process>(site.inside(command));
    const bool listens =
        e2e::eventually([&] { return site.listens(media_port) || process->status() >= 0; });
    if (!listens || process->status() >= 0)
        throw std::runtime_error{site.name() + ": no relay: " + process->errors()};
    return process;
}

std::unique_ptr<support::Process> start_nginx(const Site& site, const std::string& text,
                                              const support::TemporaryFolder& folder) {
    std::filesystem::create_directories(folder.path(site.name()));
    const auto config = folder.write(site.name() + "/nginx.conf", nginx_head + text);
    return started(site, {"nginx", "-p", folder.path(site.name()), "-c", config, "-e", "stderr"});
}

std::string haproxy_section(const Site& home) {
    auto section = block_of_document("Append to `/etc/haproxy/haproxy.cfg`:");
    const auto last =
        block_of_document("section in `/etc/haproxy/haproxy.cfg`, with PROXY protocol:");
    return replaced(section,
                    {{"    server home 10.8.0.2:32400\n", last}, {"10.8.0.2", home.address()}});
}

}  // namespace

std::string film_part(std::size_t from, std::size_t octets) {
    std::string text;
    std::array<char, 17> line{};
    for (auto at = from / 16 * 16; at < from + octets; at += 16) {
        std::snprintf(line.data(), line.size(), "%015zu\n", at);
        text.append(line.data(), 16);
    }
    return text.substr(from % 16, octets);
}

std::unique_ptr<support::Process> start_relay(RelayKind kind, const Site& edge, const Site& home,
                                              const support::TemporaryFolder& folder) {
    if (kind == RelayKind::HaproxyWithProxyProtocol) {
        const auto config =
            folder.write(edge.name() + ".cfg", haproxy_head + haproxy_section(home));
        return started(edge, {"haproxy", "-db", "-f", config});
    }
    const auto* const title = kind == RelayKind::Nginx
                                  ? "`/etc/nginx/relay.conf`:"
                                  : "`/etc/nginx/relay.conf`, with PROXY protocol:";
    const auto stream = replaced(block_of_document(title), {{"10.8.0.2", home.address()}});
    return start_nginx(edge, stream, folder);
}

Home::Home(const Site& site, const support::TemporaryFolder& folder)
    : log_{folder.path(site.name() + "/told.log")} {
    folder.write("film", film_part(0, film_octets));
    const auto before = replaced(block_of_document("`/etc/nginx/conf.d/media.conf`:"),
                                 {{"10.8.0.0/24", "45.10.0.0/16"}});
    const auto media = replaced(media_server, {{"FOLDER", folder.path("")}});
    process_ = start_nginx(site, "http {" + media + before + "}\n", folder);
}

bool Home::has_seen(const std::string& client) const {
    std::ifstream file{log_};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str().find("127.0.0.1 " + client + ";") != std::string::npos;
}

}  // namespace wan
