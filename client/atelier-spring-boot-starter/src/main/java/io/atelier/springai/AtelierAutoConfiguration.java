package io.atelier.springai;

import io.atelier.client.AtelierClient;
import org.springframework.ai.image.ImageModel;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** A client of Atelier and its image model, unless the application has its own. */
@AutoConfiguration
@EnableConfigurationProperties(AtelierProperties.class)
public class AtelierAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    AtelierClient atelierClient(AtelierProperties properties, ObjectProvider<AtelierConnectionDetails> connection) {
        var details = connection.getIfAvailable(() -> properties::url);
        return AtelierClient.builder(details.url())
                .timeout(properties.requestTimeout())
                .build();
    }

    @Bean
    @ConditionalOnMissingBean(ImageModel.class)
    AtelierImageModel atelierImageModel(AtelierClient client, AtelierProperties properties) {
        var model = properties.model();
        var standard = model == null ? AtelierImageOptions.NONE : AtelierImageOptions.NONE.withModel(model);
        return new AtelierImageModel(client, standard, properties.timeout());
    }
}
