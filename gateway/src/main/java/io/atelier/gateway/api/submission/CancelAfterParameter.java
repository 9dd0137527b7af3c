package io.atelier.gateway.api.submission;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;

/** Describes the header {@code Cancel-After} of an operation that creates a job. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Parameter(
        in = ParameterIn.HEADER,
        name = CancelAfterParameter.HEADER,
        description = "The same as deadline.complete_by, as a duration from now, such as 90s or 6m")
public @interface CancelAfterParameter {

    String HEADER = "Cancel-After";

    @AliasFor(annotation = Parameter.class)
    Schema schema() default @Schema(type = "string");
}
