package io.atelier.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request names a host of this listener in its header {@code Host}. A web page whose own name was pointed at this machine
 * (DNS rebinding) names another one, and so cannot read the API. Immutable.
 */
final class AllowedHosts {

    private static final Pattern HOST = Pattern.compile("(\\[[^\\[\\]]*]|[^\\[\\]:]*)(:\\d{0,5})?");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final String LOCALHOST = "localhost";

    private final boolean everyName;
    private final List<String> named;

    /**
     * @param loopback whether the listener is bound to a loopback address; others accept every name unless some are named
     * @param named the names of {@link HttpProperties#hosts}
     */
    AllowedHosts(boolean loopback, List<String> named) {
        this.everyName = named.contains("*") || (named.isEmpty() && !loopback);
        this.named = named;
    }

    /**
     * Whether the request may be answered.
     *
     * @param headers the values of {@code Host}. Without one it is accepted, because every browser sends one
     * @param local the address at which the request arrived: probes of Kubernetes name it, and no page can have it as its name
     */
    boolean accept(List<String> headers, @Nullable InetAddress local) {
        if (headers.isEmpty() || (everyName && headers.size() == 1)) {
            return true;
        }
        var host = HOST.matcher(headers.get(0).strip().toLowerCase(Locale.ROOT));
        return headers.size() == 1 && host.matches() && accept(host.group(1), local);
    }

    private boolean accept(String host, @Nullable InetAddress local) {
        if (named.contains(host)) {
            return true;
        }
        if (host.startsWith("[") || IPV4.matcher(host).matches()) {
            var address = NetUtil.createInetAddressFromIpAddressString(host.replaceAll("[\\[\\]]", ""));
            return address != null && (address.isLoopbackAddress() || address.equals(local));
        }
        var name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        return name.equals(LOCALHOST)
                || named.contains(name)
                || named.stream().anyMatch(known -> known.startsWith("*.") && isBelow(name, known.substring(1)));
    }

    private static boolean isBelow(String name, String suffix) {
        return name.length() > suffix.length() && name.endsWith(suffix);
    }
}
