package io.atelier.gateway.api.request;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The person of an avatar as the OpenAPI document shows it; read by {@link PersonaFields}. */
@Schema(
        name = "PersonaRequest",
        description =
                "The person. All fields but ethnicity and age are required; texts may be empty. They are kept with the images, and"
                        + " erased with them; responses, events and logs have the id only")
public record PersonaForm(
        @Schema(
                oneOf = {String.class, Long.class},
                description =
                        "Your own id of the person, a text or a whole number: 1 to 64 characters A-Z a-z 0-9 . _ -, of which"
                                + " the first is none of . _ -. It is part of the keys of published images",
                example = "42")
        Object id,

        @Schema(maxLength = RequestLimits.MAX_PERSONA_WORD_LENGTH)
        String firstname,

        @Schema(maxLength = RequestLimits.MAX_PERSONA_WORD_LENGTH)
        String lastname,

        @Schema(
                maxLength = RequestLimits.MAX_PERSONA_WORD_LENGTH,
                description = "m or male, f or female, or another word",
                example = "f")
        String gender,

        @Schema(maxLength = RequestLimits.MAX_BIO_LENGTH, description = "Base image and prompt follow it most")
        String bioFacebook,

        @Schema(maxLength = RequestLimits.MAX_BIO_LENGTH) String bioInstagram,
        @Schema(maxLength = RequestLimits.MAX_BIO_LENGTH) String bioX,
        @Schema(maxLength = RequestLimits.MAX_BIO_LENGTH) String bioTiktok,

        @Schema(maxLength = RequestLimits.MAX_PERSONA_WORD_LENGTH) @Nullable
        String ethnicity,

        @Schema(minimum = "0", maximum = "" + RequestLimits.MAX_AGE, description = "In years") @Nullable
        Integer age) {}
