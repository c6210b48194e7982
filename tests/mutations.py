"""
Texts that became script in sanitizers of other products, by a parser that reads twice (SEC-26).

Kinds of attack as they were published about sanitizers between 2019 and 2024; the texts are our own.
"""

MUTATIONS = (
    "<script>window.__xss=1</script>",
    "<img src=x onerror=window.__xss=2>",
    "<svg><style><img src=x onerror=window.__xss=3></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--><img src=x onerror=window.__xss=4>'>",
    "<noscript><p title='</noscript><img src=x onerror=window.__xss=5>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=window.__xss=6>",
    "<svg></p><style><a id='</style><img src=x onerror=window.__xss=7>'>",
    "<template><s id='</template><img src=x onerror=window.__xss=8>'></s></template>",
    "<textarea><img title='</textarea><img src=x onerror=window.__xss=9>'>",
    "<xmp><p title='</xmp><img src=x onerror=window.__xss=10>'>",
    "<select><iframe></select><img src=x onerror=window.__xss=11>",
    "<svg><animate onbegin=window.__xss=12 attributeName=x dur=1s>",
    "<a href='java\nscript:window.__xss=13'>press</a>",
    "[press](javascript:window.__xss=14)",
    "[press](JaVaScRiPt&colon;window.__xss=15)",
    "[press](data:text/html;base64,PHNjcmlwdD5wYXJlbnQuX194c3M9MTY8L3NjcmlwdD4=)",
    "[press](vbscript:window.__xss=17)",
    "<javascript:window.__xss=18>",
    "[press](https://example.org \"onmouseover='window.__xss=19' x\")",
    '[press](<https://example.org/"onmouseover=window.__xss=20//>)',
    '![x](x"onerror="window.__xss=21)',
    "<!--><img src=x onerror=window.__xss=22>-->",
    "<p style='background:url(javascript:window.__xss=23)'>text</p>",
    "```\n</code></pre><script>window.__xss=24</script>\n```",
    "`</code><img src=x onerror=window.__xss=25>`",
    "[ref]\n\n[ref]: javascript:window.__xss=26",
    "<details open ontoggle=window.__xss=27>text</details>",
    "<iframe srcdoc='<script>parent.__xss=28</script>'></iframe>",
    "<base href='https://attacker.example/'>",
    "<meta http-equiv=refresh content='0;url=javascript:window.__xss=30'>",
    "\u2028<script>window.__xss=31</script>",
    "<scr\x00ipt>window.__xss=32</scr\x00ipt>",
)
