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
 * Where Hugging Face draws, and by which token.
 *
 * @param url what stands before {@code /models/} and a model's id
 * @param token that may ask for inference; empty for none: then the engine is there, but refuses all work
 * @param sendSeed whether the seed is sent. Without it the requests of old clients look as they always did, but nothing can be drawn again
 * @param remote how patiently it is asked
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

    /** The token; empty if it cannot be one. */
    Optional<String> usableToken() {
        return Optional.of(token.strip()).filter(it -> TOKEN.matcher(it).matches());
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "HuggingFaceSettings[token=%s, sendSeed=%s]".formatted(token.isBlank() ? "none" : "***", sendSeed);
    }
}
