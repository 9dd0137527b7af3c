package io.atelier.storage;

import jakarta.validation.constraints.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the published images of avatars, {@code io.atelier.avatars}.
 *
 * @param bucket name of their bucket, which may be that of all other objects
 * @param keyTemplate their keys: begins with a folder, other than those of jobs and files, and contains {persona} and {index}, which are replaced, with more than digits between them
 * @param createBucket whether the bucket is created if it is missing
 */
@Validated
@ConfigurationProperties("io.atelier.avatars")
public record AvatarStorageProperties(
        @DefaultValue("avatars")
        @Pattern(
                regexp = "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
                message = "must be 3 to 63 characters of a-z 0-9 . - and begin and end with a letter or digit")
        String bucket,

        @DefaultValue(KeyTemplate.DEFAULT) String keyTemplate,
        @DefaultValue("true") boolean createBucket) {

    public AvatarStorageProperties {
        if (!KeyTemplate.isValid(keyTemplate)) {
            throw new IllegalArgumentException(
                    "io.atelier.avatars.key-template is '" + keyTemplate + "'; it must be " + KeyTemplate.FORM);
        }
    }

    /** The keys of published images. */
    public KeyTemplate keys() {
        return new KeyTemplate(keyTemplate);
    }
}
