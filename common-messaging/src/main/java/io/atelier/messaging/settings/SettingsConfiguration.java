package io.atelier.messaging.settings;

import java.util.ArrayList;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactoryInitializer;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** Makes every process refuse wrong settings by the names that its operator gave them, before it connects to anything. */
@Configuration(proxyBeanMethods = false)
public class SettingsConfiguration {

    /** Static, because settings are bound before other beans exist. */
    @Bean
    static ConfigurationPropertiesBindHandlerAdvisor settingRefusal(ConfigurableEnvironment environment) {
        var names = new SettingNames(environment);
        return parent -> new SettingBindHandler(parent, names);
    }

    /** Binds all settings of ours first, so that a wrong one is not found after minutes of waiting for Kafka, and reports all wrong ones. */
    @Bean
    static BeanFactoryInitializer<ConfigurableListableBeanFactory> settingsFirst() {
        return SettingsConfiguration::bindOwnSettings;
    }

    private static void bindOwnSettings(ConfigurableListableBeanFactory beans) {
        var refused = new ArrayList<String>();
        for (var name : beans.getBeanNamesForAnnotation(ConfigurationProperties.class)) {
            var annotation = beans.findAnnotationOnBean(name, ConfigurationProperties.class);
            if (annotation != null && annotation.value().startsWith("io.atelier")) {
                try {
                    beans.getBean(name);
                } catch (BeansException e) {
                    refused.add(SettingRefused.in(e).orElseThrow(() -> e).getMessage());
                }
            }
        }
        if (!refused.isEmpty()) {
            throw new SettingRefused(String.join(" ", refused));
        }
    }
}
