package io.atelier.gateway.api.submission;

import io.atelier.gateway.api.generations.Generation;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;
import org.springframework.http.MediaType;

/** Describes the response to a request in the form that the client accepts: the job that has ended, or the stream of its events. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ApiResponse(
        responseCode = "200",
        content = {
            @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(implementation = Generation.class)),
            @Content(
                    mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                    schema = @Schema(type = "string", description = "The same as /v1/generations/{id}/events"))
        })
public @interface StreamableResponse {

    @AliasFor(annotation = ApiResponse.class)
    String description();

    @AliasFor(annotation = ApiResponse.class)
    Header[] headers() default {};
}
