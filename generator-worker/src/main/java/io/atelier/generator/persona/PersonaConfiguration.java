package io.atelier.generator.persona;

import io.atelier.generator.prompt.FlowiseFlow;
import io.atelier.generator.prompt.FlowiseProperties;
import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.messaging.settings.SettingRefused;
import io.atelier.storage.ObjectStore;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.WorkerProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that write and read the prompts of avatars. Needs a bean of type {@link ProviderClients}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({PersonaProperties.class, FlowiseProperties.class})
public class PersonaConfiguration {

    private static final Logger log = LoggerFactory.getLogger(PersonaConfiguration.class);

    @Bean
    PersonaPrompts personaPrompts(PersonaProperties properties) {
        return new PersonaPrompts(properties.promptAppend());
    }

    @Bean
    ProviderClient personaClient(FlowiseProperties flowise, ProviderClients clients) {
        return clients.open("flowise-personas", flowise.settingsWithRetries());
    }

    @Bean
    PersonaPromptWriter personaPromptWriter(
            PersonaProperties properties,
            FlowiseProperties flowise,
            ProviderClient personaClient,
            PersonaPrompts prompts) {
        if (properties.prompts().equals("template") || (properties.prompts().equals("auto") && !flowise.configured())) {
            if (properties.prompts().equals("auto") && !flowise.url().isBlank()) {
                log.warn("FLOWISE_URL is set and FLOWISE_FLOW is not: a template writes the prompts of avatars.");
            }
            return new TemplatePersonaPrompts(prompts);
        }
        if (!flowise.configured()) {
            throw new SettingRefused(
                    "%s.prompts is 'flowise', but the flow is not known. Set FLOWISE_URL and FLOWISE_FLOW, or %s.prompts to 'template'."
                            .formatted(PersonaProperties.PREFIX, PersonaProperties.PREFIX));
        }
        return new FlowisePersonaPrompts(new FlowiseFlow(flowise, personaClient));
    }

    @Bean
    AvatarTextRepository avatarTextRepository(ObjectStore store, WorkerProperties work) {
        return new AvatarTextRepository(store, new StoreRetry(work.storeTimeout()));
    }

    @Bean
    AvatarInputs avatarInputs(AvatarTextRepository texts, PersonaPrompts prompts) {
        return new AvatarInputs(texts, prompts);
    }
}
