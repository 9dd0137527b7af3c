package io.atelier.gateway.api.exchange;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names a prefix of query parameters that an operation takes beside those that it declares; the client chooses the rest of their names. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface ParameterPrefix {

    /** Such as {@code label.}; at least one character follows it in the name of a parameter. */
    String value();

    /** What follows it, in words for an error message. */
    String rest();
}
