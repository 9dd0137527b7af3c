package io.atelier.messaging.settings;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Prepares the environment of an application before its files of settings are read: takes empty variables out, and checks the file that
 * {@code ATELIER_CATALOGUE} names. Registered in {@code spring.factories}.
 */
final class SettingEnvironment implements EnvironmentPostProcessor, Ordered {

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        var name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        var sources = environment.getPropertySources();
        if (sources.get(name) instanceof SystemEnvironmentPropertySource all) {
            sources.replace(name, new SystemEnvironmentPropertySource(name, SettingVariables.set(all.getSource())));
        }
        CatalogueSetting.check(environment);
    }

    /** Before Spring Boot wraps the source of the variables, and before it reads the files. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 3;
    }
}
