package io.atelier.worker.source;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import okhttp3.Dns;
import okhttp3.OkHttpClient;

/**
 * A DNS resolver that rejects hosts in private networks, for addresses that a client or a provider named. A host is rejected if any of its
 * addresses is private. Each host is resolved once, so the connection uses the address that was checked. Thread-safe.
 */
public final class AddressGuard implements Dns {

    private final Dns resolver;

    /** @param resolver finds the addresses that are checked */
    public AddressGuard(Dns resolver) {
        this.resolver = resolver;
    }

    /** A copy of a client that connects to no private network, also after a redirect, which it must not follow itself. */
    public OkHttpClient guarding(OkHttpClient client) {
        return client.newBuilder()
                .dns(this)
                // OkHttp does not resolve IP addresses, so they are checked here, again at each redirect.
                .addInterceptor(chain -> {
                    lookup(chain.request().url().host());
                    return chain.proceed(chain.request());
                })
                .build();
    }

    @Override
    public List<InetAddress> lookup(String host) throws UnknownHostException {
        var addresses = resolver.lookup(host);
        for (var address : addresses) {
            if (!isPublic(address)) {
                throw new PrivateAddress(host);
            }
        }
        return addresses;
    }

    /** Whether the address is in a range that IANA lists as globally reachable. */
    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        return address instanceof Inet6Address six ? isPublic(six) : isPublic((Inet4Address) address);
    }

    private static boolean isPublic(Inet4Address address) {
        var bytes = address.getAddress();
        int first = bytes[0] & 0xFF;
        int second = bytes[1] & 0xFF;
        int third = bytes[2] & 0xFF;
        boolean carrierGrade = first == 100 && second >= 64 && second <= 127;
        boolean benchmark = first == 198 && (second == 18 || second == 19);
        boolean reserved = first == 192 && second == 0 && (third == 0 || third == 2);
        boolean documentation =
                (first == 198 && second == 51 && third == 100) || (first == 203 && second == 0 && third == 113);
        return first != 0 && first < 240 && !carrierGrade && !benchmark && !reserved && !documentation;
    }

    private static boolean isPublic(Inet6Address address) {
        var bytes = address.getAddress();
        int first = bytes[0] & 0xFF;
        int second = bytes[1] & 0xFF;
        // Only 2000::/3 is allocated; in it, 2001:0::/23, 2001:db8::/32 and 2002::/16 embed other addresses or are
        // reserved.
        boolean allocated = (first & 0xE0) == 0x20;
        boolean special = first == 0x20
                && second == 0x01
                && ((bytes[2] & 0xFE) == 0 || (bytes[2] == 0x0D && (bytes[3] & 0xFF) == 0xB8));
        boolean sixToFour = first == 0x20 && second == 0x02;
        return allocated && !special && !sixToFour;
    }

    /** A host has an address in a private network. */
    public static final class PrivateAddress extends UnknownHostException {

        private static final long serialVersionUID = 1L;

        PrivateAddress(String host) {
            super("The host " + host + " is in a private network");
        }
    }
}
