<?php
// Fills a new database: `seed.php one` installs a site and makes it a network, `seed.php sites de ...` adds a site a
// language and prints the application passwords of three users as JSON.
define('ABSPATH', getenv('HC_STATE') . '/www/');
$_SERVER = ['HTTP_HOST' => '127.0.0.1', 'REMOTE_ADDR' => '127.0.0.1', 'REQUEST_URI' => '/', 'REQUEST_METHOD' => 'GET', 'SERVER_PROTOCOL' => 'HTTP/1.1', 'SERVER_NAME' => '127.0.0.1', 'PHP_SELF' => '/index.php'] + $_SERVER;
if ($argv[1] === 'one') {
	define('WP_INSTALLING', true);
}
require ABSPATH . 'wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

if ($argv[1] === 'one') {
	add_filter('pre_wp_mail', '__return_false');
	wp_install('Help en', 'admin', 'admin@example.com', true, '', 'x');
	update_option('siteurl', 'http://127.0.0.1');
	update_option('home', 'http://127.0.0.1');
	require_once ABSPATH . 'wp-admin/includes/network.php';
	foreach ($wpdb->tables('ms_global') as $table => $name) {
		$wpdb->$table = $name;
	}
	install_network();
	$done = populate_network(1, '127.0.0.1', 'admin@example.com', 'Help', '/', false);
	if (is_wp_error($done) && $done->get_error_code() !== 'no_wildcard_dns') {
		exit($done->get_error_message() . "\n");
	}
	exit(0);
}
foreach (array_slice($argv, 2) as $locale) {
	$id = wp_insert_site(['domain' => '127.0.0.1', 'path' => "/$locale/", 'title' => "Help $locale", 'network_id' => 1, 'user_id' => 1]);
	if (is_wp_error($id)) {
		exit($id->get_error_message() . "\n");
	}
}
foreach (get_sites(['fields' => 'ids']) as $id) {
	switch_to_blog($id);
	update_option('template', 'plain');
	update_option('stylesheet', 'plain');
	$wp_rewrite->init();
	$wp_rewrite->set_permalink_structure('/%postname%/');
	$wp_rewrite->flush_rules();
	foreach (get_posts(['post_type' => ['page', 'post'], 'post_status' => 'any', 'numberposts' => -1]) as $post) {
		wp_delete_post($post->ID, true);
	}
	restore_current_blog();
}
$words = ['admin' => 1];
foreach (['publisher', 'person'] as $name) {
	$words[$name] = wp_insert_user(['user_login' => $name, 'user_pass' => 'x', 'user_email' => "$name@example.com", 'role' => 'editor']);
	foreach (get_sites(['fields' => 'ids']) as $id) {
		add_user_to_blog($id, $words[$name], 'editor');
	}
}
foreach ($words as $name => $user) {
	$words[$name] = WP_Application_Passwords::create_new_application_password($user, ['name' => 'tests'])[0];
}
echo json_encode($words), "\n";
