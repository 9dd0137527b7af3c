package io.atelier.generator.engine.huggingface;

import io.atelier.generator.provider.ProviderSettings;
import jakarta.validation.Valid;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Address and token of Hugging Face's inference.
 *
 * @param url the address before {@code /models/} and the model's id
 * @param token with the permission to run inference; empty for none: the engine then exists, but fails every request
 * @param sendSeed whether the seed is sent. Without it requests equal those of the replaced client, but an image cannot be reproduced
 * @param remote the limits of calls to the server
 */
@Validated
@ConfigurationProperties("io.atelier.engines.huggingface")
public record HuggingFaceSettings(
        @DefaultValue("https://router.huggingface.co/hf-inference")
        String url,

        @DefaultValue("") String token,
        @DefaultValue("true") boolean sendSeed,
        @DefaultValue @Valid @NestedConfigurationProperty ProviderSettings remote) {

    private static final Pattern TOKEN = Pattern.compile("[!-~]+");

    /** The token; empty if it is missing or has characters that no header may have. */
    Optional<String> usableToken() {
        return Optional.of(token.strip()).filter(text -> TOKEN.matcher(text).matches());
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "HuggingFaceSettings[token=%s, sendSeed=%s]".formatted(token.isBlank() ? "none" : "***", sendSeed);
    }
}
