package io.atelier.gateway.api.request;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of a command as the OpenAPI document shows it. */
@Schema(name = "CommandRequest", description = "A line that was typed into a chat. Unknown fields are refused.")
public record CommandForm(
        @Schema(
                minLength = 1,
                maxLength = CommandForm.MAX_TEXT_LENGTH,
                description = "/image=MODEL=PROMPT. The model in any case; the prompt of at most "
                        + CommandForm.MAX_PROMPT_LENGTH + " characters, without its control characters",
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

    /** Of the whole line. Longer prompts than allowed must get here, because their refusal says how long they are. */
    static final int MAX_TEXT_LENGTH = 100_000;
}
