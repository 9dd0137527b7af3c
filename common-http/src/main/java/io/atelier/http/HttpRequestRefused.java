package io.atelier.http;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** A request that is refused because of the host that it names or the page that it comes from. */
public final class HttpRequestRefused extends ResponseStatusException {

    private static final long serialVersionUID = 1L;

    /** Why a request is refused. */
    public enum Reason {
        /** The header {@code Host} names a host that is not known. */
        UNKNOWN_HOST(HttpStatus.MISDIRECTED_REQUEST, "misdirected-request", "Unknown host"),
        /** A page of another origin sent a request that changes something. */
        FOREIGN_ORIGIN(HttpStatus.FORBIDDEN, "cross-site-request", "Request of another site");

        private final HttpStatus status;
        private final String code;
        private final String title;

        Reason(HttpStatus status, String code, String title) {
            this.status = status;
            this.code = code;
            this.title = title;
        }

        /** The last part of the problem's type, such as {@code misdirected-request}. */
        public String code() {
            return code;
        }

        String title() {
            return title;
        }
    }

    private final Reason why;
    private final String detail;

    HttpRequestRefused(Reason why, String detail) {
        super(why.status, detail);
        this.why = why;
        this.detail = detail;
    }

    public Reason why() {
        return why;
    }

    /** What was wrong, what is allowed, what to do. */
    public String detail() {
        return detail;
    }

    /** None: it is no failure of the service, and an attacker could fill the log. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
