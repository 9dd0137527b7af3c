package io.atelier.generator.prompt;

import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.storage.ObjectStore;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.WorkerProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of the prompt stage. Needs a bean of type {@link ProviderClients}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({EnhancerProperties.class, FlowiseProperties.class})
public class PromptConfiguration {

    @Bean
    ProviderClient enhancerClient(EnhancerProperties properties, FlowiseProperties flowise, ProviderClients clients) {
        return clients.open("enhancer", properties.flowise() ? flowise.remote() : properties.remote());
    }

    @Bean
    PromptEnhancer promptEnhancer(
            EnhancerProperties properties, FlowiseProperties flowise, ProviderClient enhancerClient) {
        return properties.flowise()
                ? new FlowiseEnhancer(flowise, enhancerClient)
                : new ChatEnhancer(properties, enhancerClient);
    }

    @Bean
    PromptStage promptStage(PromptEnhancer enhancer, ObjectStore store, WorkerProperties work) {
        return new PromptStage(enhancer, store, new StoreRetry(work.storeTimeout()));
    }
}
