package io.atelier.gateway.api.submission;

import io.atelier.gateway.api.request.PreferHeader;
import io.atelier.gateway.api.request.RequestLimits;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;

/** Describes the header {@code Prefer} of an operation that creates a job. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Parameter(in = ParameterIn.HEADER, name = PreferHeader.HEADER)
public @interface PreferParameter {

    /** The beginning of every description. */
    String WAIT = "wait=N: wait up to N seconds, 1 to " + RequestLimits.MAX_WAIT_SECONDS + ", for the end of ";

    @AliasFor(annotation = Parameter.class)
    String description();

    @AliasFor(annotation = Parameter.class)
    Schema schema() default @Schema(type = "string");
}
