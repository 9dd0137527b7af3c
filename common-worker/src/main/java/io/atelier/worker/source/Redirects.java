package io.atelier.worker.source;

import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** The rules by which redirects are followed: up to {@value #MAX} in a row, to http and https addresses, but none from https to http. */
public final class Redirects {

    /** The number of redirects in a row that are followed. */
    public static final int MAX = 20;

    private Redirects() {}

    /** Whether a response with this status and a {@code Location} is a redirect. */
    public static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    /**
     * The address to which a response leads.
     *
     * @param from the address that sent the response
     * @param location its {@code Location}, absolute or relative
     * @param followed the number of redirects that were followed before
     * @throws Refused if it is not followed
     */
    public static HttpUrl target(HttpUrl from, String location, int followed) {
        if (followed >= MAX) {
            throw new Refused("more than %d in a row".formatted(MAX));
        }
        @Nullable HttpUrl target = from.resolve(location);
        if (target == null) {
            throw new Refused("to an address that is not a valid http or https URL");
        }
        if (from.isHttps() && !target.isHttps()) {
            throw new Refused("from https to http");
        }
        return target;
    }

    /** A redirect that is not followed. */
    public static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String detail;

        /** @param detail where it leads or what it does, as the end of a sentence */
        public Refused(String detail) {
            super("A redirect " + detail);
            this.detail = detail;
        }

        String detail() {
            return detail;
        }
    }
}
