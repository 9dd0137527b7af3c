package io.atelier.worker.source;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that fetch images at addresses. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RemoteSourceProperties.class)
public class RemoteSourceConfiguration {

    @Bean
    SourceDownload sourceDownload(RemoteSourceProperties properties) {
        return new SourceDownload(properties);
    }
}
