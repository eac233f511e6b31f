package dev.apprentice.engine.model.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chooses proxies as command-line programs do, by {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code ALL_PROXY} and
 * {@code NO_PROXY} (lower case too); the JDK looks only at system properties. Addresses of this machine are always
 * reached directly.
 */
final class EnvProxies extends ProxySelector {
    private final Map<String, String> environment;

    EnvProxies(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Fails early, in words, where a proxy is set that cannot be used. */
    void check() throws SourceFailedException {
        for (var scheme : List.of("https", "http")) {
            var proxy = setting(scheme);
            if (proxy != null && !isUsable(proxy)) {
                throw new SourceFailedException("the proxy '" + withoutPassword(proxy)
                        + "' in the environment is not of the form http://HOST:PORT, which is the only kind supported");
            }
        }
    }

    @Override
    public List<Proxy> select(URI uri) {
        var scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        var host = uri.getHost().toLowerCase(Locale.ROOT);
        var proxy = setting(scheme);
        if (proxy == null || isLocal(host) || isExempt(host, uri.getPort())) {
            return List.of(Proxy.NO_PROXY);
        }
        var address = URI.create(proxy);
        return List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(address.getHost(), port(address))));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // the failure reaches the caller as well, who reports it
    }

    /**
     * The {@code Proxy-Authorization} for {@code uri} where its proxy is written as
     * {@code http://NAME:PASSWORD@HOST:PORT}. The JDK sends it to the proxy only; through a tunnel only if
     * {@code jdk.http.auth.tunneling.disabledSchemes} is empty, which the launcher sees to.
     */
    @Nullable
    String authorization(URI uri) {
        if (select(uri).contains(Proxy.NO_PROXY)) {
            return null;
        }
        var proxy = setting(uri.getScheme().toLowerCase(Locale.ROOT));
        var user = proxy == null ? null : URI.create(proxy).getRawUserInfo();
        if (user == null) {
            return null;
        }
        var plain = URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    private @Nullable String setting(String scheme) {
        for (var name :
                List.of(scheme + "_proxy", scheme.toUpperCase(Locale.ROOT) + "_PROXY", "all_proxy", "ALL_PROXY")) {
            var value = environment.get(name);
            if (value != null && !value.isBlank()) {
                var stripped = value.strip();
                return stripped.contains("://") ? stripped : "http://" + stripped;
            }
        }
        return null;
    }

    private static boolean isUsable(String proxy) {
        try {
            var address = URI.create(proxy);
            return "http".equalsIgnoreCase(address.getScheme()) && address.getHost() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static int port(URI address) {
        return address.getPort() > 0 ? address.getPort() : 80;
    }

    static boolean isLocal(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    private boolean isExempt(String host, int port) {
        var setting = environment.getOrDefault("no_proxy", environment.getOrDefault("NO_PROXY", ""));
        for (var entry : setting.toLowerCase(Locale.ROOT).split("[,\\s]+", -1)) {
            var colon = entry.lastIndexOf(':');
            var portMatches = colon < 0 || entry.substring(colon + 1).equals(Integer.toString(port));
            var name = colon < 0 ? entry : entry.substring(0, colon);
            var suffix = name.startsWith("*.") ? name.substring(1) : name.startsWith(".") ? name : "." + name;
            if (entry.equals("*") || (!name.isEmpty() && portMatches && ("." + host).endsWith(suffix))) {
                return true;
            }
        }
        return false;
    }

    private static String withoutPassword(String proxy) {
        return proxy.replaceFirst("//[^/@]*@", "//***@");
    }
}
