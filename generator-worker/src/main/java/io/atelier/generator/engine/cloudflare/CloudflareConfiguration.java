package io.atelier.generator.engine.cloudflare;

import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.provider.ProviderClients;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the engines that draw at Cloudflare. They are there in any case, and say what they lack. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CloudflareSettings.class)
public class CloudflareConfiguration {

    @Bean
    GenerationEngine cloudflareFlux(CloudflareSettings settings, ProviderClients remotes) {
        return CloudflareEngine.flux(settings.flux(), remotes);
    }

    @Bean
    GenerationEngine cloudflareSdxl(CloudflareSettings settings, ProviderClients remotes) {
        return CloudflareEngine.sdxl(settings.sdxl(), remotes);
    }

    @Bean
    GenerationEngine cloudflareWorkersAi(CloudflareSettings settings, ProviderClients remotes) {
        return CloudflareEngine.workersAi(settings.workersAi(), remotes);
    }
}
