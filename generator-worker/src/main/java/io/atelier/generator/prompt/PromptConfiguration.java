package io.atelier.generator.prompt;

import io.atelier.generator.remote.Remote;
import io.atelier.generator.remote.Remotes;
import io.atelier.messaging.worker.WorkerProperties;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.patience.StorePatience;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The wiring of what betters prompts. Needs {@link Remotes}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({EnhancerProperties.class, FlowiseProperties.class})
public class PromptConfiguration {

    @Bean
    Remote enhancerRemote(EnhancerProperties properties, FlowiseProperties flowise, Remotes remotes) {
        return remotes.open("enhancer", properties.flowise() ? flowise.remote() : properties.remote());
    }

    @Bean
    PromptEnhancer promptEnhancer(EnhancerProperties properties, FlowiseProperties flowise, Remote enhancerRemote) {
        return properties.flowise()
                ? new FlowiseEnhancer(flowise, enhancerRemote)
                : new ChatEnhancer(properties, enhancerRemote);
    }

    @Bean
    PromptStage promptStage(PromptEnhancer enhancer, ObjectStore store, WorkerProperties work) {
        return new PromptStage(enhancer, store, new StorePatience(work.storePatience()));
    }
}
