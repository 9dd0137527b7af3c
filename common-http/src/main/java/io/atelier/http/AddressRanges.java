package io.atelier.http;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/** Distinguishes public addresses from those of this machine, of private networks, and of no network at all. */
public final class AddressRanges {

    private AddressRanges() {}

    /** Whether the address is in a range that IANA lists as globally reachable. */
    public static boolean isPublic(InetAddress address) {
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
}
