package io.atelier.springai;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where Atelier is and what prompts get that set nothing.
 *
 * @param url the address of the gateway
 * @param model the model of prompts that name none; null for the server's standard one
 * @param timeout how long to wait for the images of a prompt
 * @param requestTimeout how long to wait for each answer of the server
 */
@ConfigurationProperties("atelier")
public record AtelierProperties(
        @DefaultValue("http://127.0.0.1:8080") URI url,
        @Nullable String model,
        @DefaultValue("5m") Duration timeout,
        @DefaultValue("30s") Duration requestTimeout) {}
