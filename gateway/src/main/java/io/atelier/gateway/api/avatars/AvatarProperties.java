package io.atelier.gateway.api.avatars;

import io.atelier.gateway.api.request.RequestLimits;
import io.atelier.gateway.view.models.Model;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of avatars.
 *
 * @param model the model of avatars whose requests name none; it must be able to change images
 * @param publicUrl the address that the bucket and the key of a published image follow, such as {@code https://images.example.org}; null to show
 *     paths of this gateway
 * @param retentionTtl how long the images and texts of an avatar are kept after its end, if the request does not say; null for ever
 * @param batchConcurrency how many avatars of a batch are made at the same time, if the request does not say: 1 to 50
 */
@Validated
@ConfigurationProperties("io.atelier.avatars")
public record AvatarProperties(
        @DefaultValue("gpt-image-1.5") @Pattern(regexp = Model.NAME, message = Model.NAME_RULE)
        String model,

        @Nullable
        @Pattern(
                regexp = "|https?://[^\\s?#]+",
                message =
                        "must begin with http:// or https:// and have no blanks, '?' or '#', such as https://images.example.org")
        String publicUrl,

        @Nullable @DurationMin(seconds = 0) Duration retentionTtl,

        @DefaultValue("3") @Min(1) @Max(RequestLimits.MAX_BATCH_CONCURRENCY)
        int batchConcurrency) {}
