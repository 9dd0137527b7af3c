package io.atelier.storage;

import io.atelier.storage.http.PrivateAuthority;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the S3 server, {@code io.atelier.storage}.
 *
 * @param endpoint {@code http://host:port} or {@code https://host}, without a path
 * @param publicEndpoint address of the same server for browsers, used in links; by default the endpoint
 * @param certificates a PEM file with the certificates of the authorities that the server's certificate is checked with, in place of those of
 *     the JVM; empty for those
 * @param region region of the server; most self-hosted servers use {@code us-east-1}
 * @param accessKey access key id
 * @param secretKey secret access key
 * @param bucket name of the bucket; created if it is missing
 * @param connectTimeout limit for establishing a connection
 * @param silenceTimeout longest pause within a transfer, in either direction
 * @param callTimeout limit of each attempt of a call; reading an opened object is not limited
 */
@Validated
@ConfigurationProperties("io.atelier.storage")
record StorageProperties(
        @NotNull URI endpoint,
        @Nullable URI publicEndpoint,
        @DefaultValue("") String certificates,
        @DefaultValue("us-east-1") @NotBlank String region,
        @NotBlank(message = MISSING_KEY) String accessKey,
        @NotBlank(message = MISSING_KEY) String secretKey,

        @DefaultValue("atelier")
        @Pattern(
                regexp = "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
                message = "must be 3 to 63 characters of a-z 0-9 . - and begin and end with a letter or digit")
        String bucket,

        @DefaultValue("2s") @DurationMin(millis = 1) Duration connectTimeout,
        @DefaultValue("20s") @DurationMin(millis = 1) Duration silenceTimeout,
        @DefaultValue("60s") @DurationMin(millis = 1) Duration callTimeout) {

    private static final String MISSING_KEY =
            "must not be blank; an S3 server needs S3_ENDPOINT, S3_ACCESS_KEY, S3_SECRET_KEY and, for avatars, S3_BUCKET_NAME";

    StorageProperties {
        requireServer("endpoint", endpoint);
        requireServer("public-endpoint", publicEndpoint);
        if (!certificates.isEmpty() && !PrivateAuthority.isReadable(certificates)) {
            throw new IllegalArgumentException("io.atelier.storage.certificates is '" + certificates
                    + "'; it must be a PEM file with certificates that this process can read.");
        }
    }

    /** The address in links. */
    URI linkEndpoint() {
        return publicEndpoint == null ? endpoint : publicEndpoint;
    }

    /** Without the secret key. */
    @Override
    public String toString() {
        return "StorageProperties[endpoint=%s, bucket=%s, accessKey=%s]".formatted(endpoint, bucket, accessKey);
    }

    private static void requireServer(String setting, @Nullable URI server) {
        if (server == null) {
            return;
        }
        var path = server.getRawPath();
        boolean http = "http".equals(server.getScheme()) || "https".equals(server.getScheme());
        boolean plain = server.getHost() != null
                && (path == null || path.isEmpty() || path.equals("/"))
                && server.getRawQuery() == null
                && server.getRawUserInfo() == null;
        if (!http || !plain) {
            throw new IllegalArgumentException("io.atelier.storage." + setting + " is '" + server
                    + "'; it must be http://host:port or https://host:port, without a path");
        }
    }
}
