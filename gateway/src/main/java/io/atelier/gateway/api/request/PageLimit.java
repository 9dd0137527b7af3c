package io.atelier.gateway.api.request;

import java.util.OptionalInt;

/**
 * The parameter of a list that says how many entries it may have.
 *
 * @param max the largest number that may be asked for
 */
public record PageLimit(int max) {

    /** The name of the parameter. */
    public static final String NAME = "limit";

    /** The number that a client sent; empty if it is not allowed. */
    public OptionalInt parse(String text) {
        int limit = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
        return limit >= 1 && limit <= max ? OptionalInt.of(limit) : OptionalInt.empty();
    }

    /** What is allowed, as a sentence of an error. */
    public String allowed() {
        return "Must be a whole number from 1 to " + max + ".";
    }
}
