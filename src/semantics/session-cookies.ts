/** What looks like a session, as data. Names are compared without regard to case, and without a prefix such as
 *  `__Host-`. */

interface NamesOf {
  readonly of: string;
  /** separated by blanks */
  readonly names: string;
}

/** Names of session ids, of what stands for a login, and of what makes one last. */
export const SESSION_NAMES: readonly NamesOf[] = [
  { of: 'PHP', names: 'PHPSESSID PHPSESSIONID ci_session CAKEPHP symfony REMEMBERME' },
  { of: 'Laravel', names: 'laravel_session' },
  { of: 'Java', names: 'JSESSIONID JSESSIONIDSSO SESSION remember-me ADMINCONSOLESESSION' },
  { of: 'ASP.NET', names: 'ASP.NET_SessionId .ASPXAUTH .AspNet.ApplicationCookie FedAuth' },
  {
    of: 'ASP.NET Core',
    names: '.AspNetCore.Session .AspNetCore.Cookies .AspNetCore.Identity.Application',
  },
  { of: 'Node.js', names: 'connect.sid express.sid koa.sess koa:sess sails.sid nodebb.sid' },
  {
    of: 'Next.js',
    names: 'next-auth.session-token authjs.session-token better-auth.session_token __session',
  },
  { of: 'Django, Flask, Python', names: 'sessionid session session_id beaker.session.id __ac' },
  { of: 'Rails, Rack', names: '_session_id rack.session remember_token remember_user_token' },
  { of: 'Perl, Go', names: 'CGISESSID plack_session gosessionid beegosessionID scs_session' },
  { of: 'Play, Grails', names: 'PLAY_SESSION grails_remember_me' },
  { of: 'ColdFusion', names: 'CFID CFTOKEN' },
  { of: 'MediaWiki, Atlassian', names: 'cloud.session.token seraph.rememberme.cookie seraph.confluence' },
  {
    of: 'SAP, Citrix, F5, Pulse Secure, Fortinet',
    names: 'MYSAPSSO2 NSC_AAAC NSC_TMAS MRHSession DSID SVPNCOOKIE',
  },
  { of: 'Keycloak', names: 'KEYCLOAK_IDENTITY KEYCLOAK_SESSION AUTH_SESSION_ID' },
  { of: 'Naver', names: 'NID_AUT NID_SES' },
  { of: 'Kakao, Tistory', names: '_kawlt _karmt TSSESSION' },
  { of: 'Google', names: 'SID HSID SSID LSID APISID SAPISID SIDCC NID OSID GAPS' },
  { of: 'Google, __Secure- and __Host-', names: '1PSID 1PAPISID 1PSIDTS 1PSIDCC 1PLSID' },
  { of: 'Google, third party', names: '3PSID 3PAPISID 3PSIDTS 3PSIDCC 3PLSID' },
  { of: 'GitHub, GitLab', names: 'user_session user_session_same_site _gh_sess _gitlab_session' },
  { of: 'Facebook, LinkedIn, X', names: 'xs li_at auth_token' },
  { of: 'Amazon', names: 'session-id session-token at-main x-main' },
  { of: 'Microsoft', names: 'ESTSAUTH ESTSAUTHPERSISTENT ESTSAUTHLIGHT RPSSecAuth MSPAuth' },
  { of: 'Baidu', names: 'BDUSS' },
  { of: 'gateways', names: 'CF_Authorization _oauth2_proxy mod_auth_openidc_session auth0' },
  { of: 'any', names: 'sid sessid sess jwt auth authtoken accesstoken refreshtoken' },
  { of: 'any', names: 'access_token refresh_token id_token login_token api_token' },
];

/** Names with a part of their own. */
export const SESSION_PATTERNS: readonly RegExp[] = [
  // WordPress: wordpress_logged_in_<hash>, wordpress_sec_<hash>, wordpress_<hash>; not wordpress_test_cookie
  /^wordpress_(?:logged_in_|sec_)?[0-9a-f]{32}$/i,
  /^wordpress_logged_in/i,
  // Drupal: SESS<hash>, SSESS<hash>
  /^s?sess[0-9a-f]{32}$/i,
  // Joomla: the name is a hash
  /^[0-9a-f]{32}$/i,
  // classic ASP: ASPSESSIONID and eight letters
  /^aspsessionid[a-z]{6,8}$/i,
  // Jenkins, WebLogic and others: JSESSIONID.<node>
  /^jsessionid[._-]/i,
  /^sap_sessionid_/i,
  // ASP.NET Core and Identity: several cookies of one login
  /^\.aspnet(?:core)?\.(?:cookies|application|session|identity)/i,
  // phpBB: phpbb3_<site>_sid
  /^phpbb\d?_.*_sid$/i,
  // Laravel: remember_web_<hash>
  /^remember_[a-z]+_[0-9a-f]{40}$/i,
  // Supabase: sb-<project>-auth-token
  /^sb-.*-auth-token(?:\.\d+)?$/i,
  // Phoenix: _<application>_key
  /^_[a-z0-9]+_key$/i,
  // any framework: <application>_session, app.session.id, user-session-token, foo.sid, authToken
  /(?:^|[._:-])sess(?:ion)?(?:[._:-]?(?:id|key|token|cookie))?(?:[._:-]?\d+)?$/i,
  /[a-z0-9](?:Session|SessionId|SessionID|SessionToken|AuthToken)$/,
  /[._:-]s(?:ess)?id$/i,
  /(?:^|[._:-])(?:auth|access|refresh|login|remember)[._:-]?(?:me[._:-]?)?(?:token|cookie|ticket)$/i,
];

/** Never a session, however random the value: tokens against request forgery, preferences and consent, measurement,
 *  the bookkeeping of load balancers and of bot detection. */
export const OTHER_PATTERNS: readonly RegExp[] = [
  /csrf|xsrf|antiforgery|requestverification|authenticity[._-]?token|form[._-]?(?:token|key)|nonce/i,
  /^(?:.*[._-])?(?:lang|language|locale|i18n|theme|dark[._-]?mode|currency|country|region|timezone|tz)$/i,
  /pref(?:s|erences?)?$|settings?$|consent|gdpr|ccpa|optanon|onetrust|cookie[._-]?(?:law|policy|notice)/i,
  // Google Analytics and Ads, Facebook, Hotjar, Matomo, Clarity, Bing, TikTok, Snapchat, Pinterest, Reddit
  /^(?:_ga(?:_.*)?|_gid|_gat(?:_.*)?|_gcl_.*|_gac_.*|__utm.*|_fbp|_fbc|_hj.*|_pk_.*|_clck|_clsk)$/i,
  /^(?:_uet.*|_ttp|_tt_.*|_scid.*|_pin_.*|_rdt_.*|ide|anid|muid|test_cookie)$/i,
  // Segment, Amplitude, Mixpanel, Optimizely, VWO, HubSpot, Marketo, Adobe, Datadog, Naver
  /^(?:ajs_.*|amplitude.*|amp_.*|mp_.*_mixpanel|optimizely.*|_vwo.*|_vis_opt.*|hubspotutk|__hs[a-z]{2,3})$/i,
  /^(?:_mkto.*|amcv.*|s_vi|s_fid|mbox|_dd_s|nnb|_wcs.*)$/i,
  // load balancers
  /^(?:awsalb.*|awselb.*|bigipserver.*|arraffinity.*|serverid|route(?:id)?|ingresscookie|ts[0-9a-f]{6,})$/i,
  // bot detection
  /^(?:__cf_?bm|__cflb|cf_clearance|_cfuvid|_abck|ak_bmsc|bm_[a-z]{2}|datadome|reese84)$/i,
  /^(?:visid_incap|incap_ses|nlbi)_/i,
  /^wordpress_test_cookie$|^wp[-_](?:lang|settings)/i,
];
