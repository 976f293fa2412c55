<?php
/**
 * Plugin Name: hcgen
 * Description: What a help center published by hcgen needs of WordPress: fields that name its pages, unsaved work in the API, and redirects.
 * Version: 1.0
 * Requires at least: 6.0
 * Requires PHP: 7.4
 * License: MIT
 *
 * Put it into wp-content/plugins and activate it for the network, or into wp-content/mu-plugins.
 */

defined('ABSPATH') || exit;

add_action('init', function () {
	add_post_type_support('page', 'excerpt');
	// WordPress drops what is not registered without a word.
	foreach (['hc_uid' => 'string', 'hc_locale' => 'string', 'hc_group' => 'string', 'hc_labels' => 'string', 'hc_outdated' => 'boolean'] as $name => $type) {
		register_post_meta('page', $name, [
			'type' => $type,
			'single' => true,
			'default' => $type === 'boolean' ? false : '',
			'show_in_rest' => true,
			'auth_callback' => function () { return current_user_can('edit_pages'); },
		]);
	}
});

// GET /wp/v2/pages?hc_uid=... finds a page by its name in Git.
add_filter('rest_page_query', function ($arguments, $request) {
	$uid = $request->get_param('hc_uid');
	if (is_string($uid) && $uid !== '') {
		$arguments['meta_query'][] = ['key' => 'hc_uid', 'value' => $uid];
	}
	return $arguments;
}, 10, 2);

add_action('rest_api_init', function () {
	register_rest_field('page', 'hc_pending', [
		'get_callback' => function ($page) { return hcgen_pending((int) $page['id']); },
		'schema' => ['type' => 'string', 'context' => ['edit'], 'readonly' => true],
	]);
	register_rest_route('hcgen/v1', '/redirects', [
		'methods' => 'PUT',
		'permission_callback' => function () { return current_user_can('publish_pages'); },
		'callback' => function ($request) {
			update_site_option(hcgen_rule($request['source']), $request['target']);
			return ['source' => $request['source'], 'target' => $request['target']];
		},
		'args' => [
			'source' => ['type' => 'string', 'required' => true, 'pattern' => '^/.*'],
			'target' => ['type' => 'string', 'required' => true],
		],
	]);
});

/** A digest of what somebody is writing on a page and has not saved (an autosave), else ''. */
function hcgen_pending(int $id): string {
	$page = get_post($id);
	$draft = wp_get_post_autosave($id);
	if (!$page || !$draft || $draft->post_modified_gmt < $page->post_modified_gmt) {
		return '';
	}
	$theirs = [$draft->post_title, $draft->post_content, $draft->post_excerpt];
	return $theirs === [$page->post_title, $page->post_content, $page->post_excerpt] ? '' : md5(wp_json_encode($theirs));
}

/** The option that holds where a path leads: one for each, so that two may be written at a time. */
function hcgen_rule(string $address): string {
	$path = rtrim(rawurldecode((string) wp_parse_url($address, PHP_URL_PATH)), '/');
	return 'hcgen_redirect_' . md5($path);
}

// Before WordPress guesses a page by its slug.
add_action('template_redirect', function () {
	$target = is_404() ? get_site_option(hcgen_rule($_SERVER['REQUEST_URI'] ?? ''), '') : '';
	if ($target !== '') {
		// The rule was made by somebody who may publish pages.
		wp_redirect($target, 301); // phpcs:ignore WordPress.Security.SafeRedirect
		exit;
	}
}, 1);
