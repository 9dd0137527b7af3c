package io.atelier.generator.engine.cloudflare;

import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.provider.ProviderClients;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Registers the engines that generate at Cloudflare. They exist without settings too; their status then names the missing setting. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CloudflareSettings.class)
public class CloudflareConfiguration {

    @Bean
    GenerationEngine cloudflareFlux(CloudflareSettings settings, ProviderClients clients) {
        return CloudflareEngine.flux(settings.flux(), clients);
    }

    @Bean
    GenerationEngine cloudflareSdxl(CloudflareSettings settings, ProviderClients clients) {
        return CloudflareEngine.sdxl(settings.sdxl(), clients);
    }

    @Bean
    GenerationEngine cloudflareWorkersAi(CloudflareSettings settings, ProviderClients clients) {
        return CloudflareEngine.workersAi(settings.workersAi(), clients);
    }
}
