package io.atelier.gateway.api.request;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of a command as the OpenAPI document shows it. */
@Schema(name = "CommandRequest", description = "A line that was typed into a chat. Unknown fields are refused.")
public record CommandForm(
        @Schema(
                description = "/image=MODEL=PROMPT. The model in any case; the prompt of 1 to "
                        + CommandForm.MAX_PROMPT_LENGTH
                        + " characters (Unicode code points), counted after its control characters, line breaks too,"
                        + " are removed. Any other text is 400, whose detail can be shown to the user",
                example = "/image=flux=a beautiful sunset")
        String text,

        @Schema(
                minLength = 1,
                maxLength = RequestLimits.MAX_LABEL_LENGTH,
                description = "Who typed it. The rate limit holds for each user; requests without one are one user")
        @Nullable
        String user) {

    /** Of a prompt, in code points. */
    static final int MAX_PROMPT_LENGTH = 1_000;
}
